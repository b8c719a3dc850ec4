import type { AuditRecord } from "./types.ts";

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

/** Adds what is not there yet, or there only as null: the record's own keys go before those of `properties`. */
function collect(facts: Map<string, unknown>, source: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(source)) {
    const lower = key.toLowerCase();
    facts.set(lower, facts.get(lower) ?? value);
  }
}

/** `properties`, which some exports write as a text. */
function objectIn(properties: unknown): Readonly<Record<string, unknown>> {
  if (typeof properties !== "string") {
    return isObject(properties) ? properties : {};
  }
  try {
    const parsed: unknown = JSON.parse(properties);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

/** As DuckDB reads a value into a text; an empty text says nothing. */
function textOf(value: unknown): string | null {
  switch (typeof value) {
    case "string":
      return value === "" ? null : value;
    case "number":
    case "boolean":
      return String(value);
    case "object":
      return value === null ? null : JSON.stringify(value);
    default:
      return null;
  }
}

function integerOf(text: string | null): number | null {
  const number = text === null || text.trim() === "" ? NaN : Math.round(Number(text));
  return Number.isSafeInteger(number) ? number : null;
}

const isoDate = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;

/** An ISO 8601 date to the millisecond; one without a zone is UTC. Further digits, which Azure writes up to seven of, are cut. */
function instantOf(text: string | null): string | null {
  const [, day, clock = "00:00", second = "00", fraction = "0", zone = "Z"] = isoDate.exec(text?.trim() ?? "") ?? [];
  if (day === undefined) {
    return null;
  }
  const offset = /^(?:Z|UTC)$/i.test(zone) ? "Z" : `${zone.slice(0, 3)}:${zone.slice(3).replace(":", "") || "00"}`;
  const date = new Date(`${day}T${clock}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}${offset}`);
  // JavaScript takes 30 February for 2 March; the day must come back as it went in.
  const isReal = !Number.isNaN(date.getTime()) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  return isReal ? date.toISOString() : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
