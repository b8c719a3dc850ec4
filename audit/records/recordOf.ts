import type { AuditRecord } from "./types.ts";
import { collect, instantOf, isObject, objectIn, textOf } from "./values.ts";

/** A JSON value that is no record, and why. */
export interface NoRecord {
  readonly reason: string;
}

/** Spellings of each fact, in lower case, best first: the blob's (azure-docs, "Monitor Azure Bastion"), then the table's. */
const spellings = {
  time: ["time", "timegenerated"],
  tunnelId: ["tunnelid"],
  operationName: ["operationname"],
  category: ["category"],
  message: ["message"],
  protocol: ["protocol"],
  clientIp: ["clientipaddress"],
  clientPort: ["clientport"],
  person: ["useremail"],
  account: ["username"],
  userAgent: ["useragent"],
  targetResourceId: ["targetresourceid"],
  targetIp: ["targetvmipaddress"],
  resourceType: ["resourcetype"],
  bastionId: ["resourceid", "_resourceid"],
  region: ["location", "region"],
  sessionStart: ["sessionstarttime"],
  sessionEnd: ["sessionendtime"],
  durationMs: ["duration"],
} as const satisfies Record<keyof AuditRecord, readonly string[]>;

/** Without a category, one of these tells a record of a Bastion session. */
const telling = ["tunnelid", "clientipaddress", "targetresourceid", "targetvmipaddress"];

/**
 * Reads one record, whatever the case of its keys, with its facts under `properties` or beside it, and whatever else is in it.
 * @returns the record, or why the value is none.
 */
export function recordOf(value: unknown): AuditRecord | NoRecord {
  if (!isObject(value)) {
    return { reason: "This is not a JSON object." };
  }
  const facts = new Map<string, unknown>();
  collect(facts, value);
  collect(facts, objectIn(facts.get("properties")));
  const text = (fact: keyof AuditRecord): string | null => {
    for (const spelling of spellings[fact]) {
      const found = textOf(facts.get(spelling));
      if (found !== null) {
        return found;
      }
    }
    return null;
  };

  const category = text("category");
  const isAudit = category === null ? telling.some((key) => facts.has(key)) : /^bastionauditlogs$/i.test(category);
  if (!isAudit) {
    return {
      reason:
        category === null ? "This is no Bastion audit record." : `Its category is ${category}, not BastionAuditLogs.`,
    };
  }
  const time = text("time");
  if (time === null) {
    return { reason: "The record has no time." };
  }
  const instant = instantOf(time);
  if (instant === null) {
    return { reason: `Its time is no date: ${time.slice(0, 40)}` };
  }
  return {
    time: instant,
    tunnelId: text("tunnelId"),
    operationName: text("operationName"),
    category,
    message: text("message"),
    protocol: text("protocol")?.toLowerCase() ?? null,
    clientIp: text("clientIp"),
    clientPort: integerOf(text("clientPort")),
    person: text("person"),
    account: text("account"),
    userAgent: text("userAgent"),
    targetResourceId: text("targetResourceId"),
    targetIp: text("targetIp"),
    resourceType: text("resourceType"),
    bastionId: text("bastionId"),
    region: text("region"),
    sessionStart: instantOf(text("sessionStart")),
    sessionEnd: instantOf(text("sessionEnd")),
    durationMs: integerOf(text("durationMs")),
  };
}

function integerOf(text: string | null): number | null {
  const number = text === null || text.trim() === "" ? NaN : Math.round(Number(text));
  return Number.isSafeInteger(number) ? number : null;
}
