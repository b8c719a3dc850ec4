import { Facts } from "./facts.ts";
import { fields, type FieldName } from "./fields.ts";
import { logOf } from "./logOf.ts";
import type { AuditRecord } from "./types.ts";
import { instantOf, isObject } from "./values.ts";

/** What a JSON value is: an audit record, an entry of another log, or neither. */
export type FoundRecord =
  | {
      readonly record: AuditRecord;
      /** A sentence for each fact that cannot be, and that the record is read without. */
      readonly wrong: readonly string[];
    }
  /** Name of its category or table. */
  | { readonly otherLog: string }
  | { readonly reason: string };

/**
 * Reads one record: a blob's, with its facts under `properties`; a row of `MicrosoftAzureBastionAuditLogs` or of
 * `AzureDiagnostics`; or an `AuditRecord` as `logs --records` writes it. Whatever the case of its members' names, and whatever
 * else is in it.
 */
export function recordOf(value: unknown): FoundRecord {
  if (!isObject(value)) {
    return { reason: "This is not a JSON object." };
  }
  const facts = new Facts(value);
  const log = logOf(facts.members);
  const tells = (names: readonly FieldName[]): boolean => names.some((name) => facts.text(name) !== null);
  if (log === undefined && !tells(telling)) {
    return { reason: "This is not a Bastion audit record." };
  }
  if (log !== undefined && log.kind !== "audit") {
    return { otherLog: log.name };
  }
  const written = facts.text("time");
  if (written === null) {
    return { reason: "The record has no time." };
  }
  const time = instantOf(written);
  if (time === null) {
    return { reason: `Its time is not an ISO 8601 date: ${cut(written)}` };
  }
  if (!tells([...telling, "message", "person", "account"])) {
    return { reason: "The record has no fact of a session." };
  }
  return readFacts(facts, time);
}

/** Without a category, one of these tells a record of a Bastion session. */
const telling = ["tunnelId", "clientIp", "targetResourceId", "targetIp"] as const;

function readFacts(facts: Facts, time: string): FoundRecord {
  const wrong: string[] = [];
  const text = (name: FieldName): string | null => facts.text(name);
  /** A fact that is not a text, or null where what is written cannot be one. */
  const fact = <Value>(name: FieldName, read: (written: string) => Value | null, what: string): Value | null => {
    const written = text(name);
    const found = written === null ? null : read(written);
    if (written !== null && found === null) {
      wrong.push(`Its ${fields[name].member} is not ${what}: ${cut(written)}`);
    }
    return found;
  };
  const sessionStart = fact("sessionStart", instantOf, "an ISO 8601 date");
  const sessionEnd = fact("sessionEnd", instantOf, "an ISO 8601 date");
  const isBackwards = sessionStart !== null && sessionEnd !== null && sessionEnd < sessionStart;
  if (isBackwards) {
    wrong.push(
      `Its ${fields.sessionEnd.member} ${sessionEnd} is before its ${fields.sessionStart.member} ${sessionStart}`,
    );
  }
  const record: AuditRecord = {
    time,
    tunnelId: text("tunnelId"),
    operationName: text("operationName"),
    category: text("category"),
    message: text("message"),
    protocol: text("protocol")?.toLowerCase() ?? null,
    clientIp: text("clientIp"),
    clientPort: fact("clientPort", portOf, "a port number"),
    person: text("person"),
    account: text("account"),
    userAgent: text("userAgent"),
    targetResourceId: text("targetResourceId"),
    targetIp: text("targetIp"),
    resourceType: text("resourceType"),
    bastionId: text("bastionId"),
    region: text("region"),
    sessionStart,
    sessionEnd: isBackwards ? null : sessionEnd,
    durationMs: fact("durationMs", (written) => durationOf(written, time), "a possible number of milliseconds"),
  };
  return { record, wrong };
}

function portOf(text: string): number | null {
  const number = decimalIn(text);
  return Number.isInteger(number) && number <= 65_535 ? number : null;
}

/** Milliseconds. No session has lasted since before 1970. */
function durationOf(text: string, time: string): number | null {
  const number = Math.round(decimalIn(text));
  return number <= Date.parse(time) ? number : null;
}

/** A number without a sign, or NaN. Tables have real numbers: `50312.0`. */
function decimalIn(text: string): number {
  return /^\s*\d+(?:\.\d*)?\s*$/.test(text) ? Number(text) : NaN;
}

function cut(text: string): string {
  return text.slice(0, 40);
}
