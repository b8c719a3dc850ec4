import { fieldNames, fieldOf, memberOf, type AuditRecord, type Field, type FieldName } from "../fields.ts";
import { reasons } from "../pieces/piece.ts";
import { Facts } from "./facts.ts";
import { logOf } from "./logOf.ts";
import { armIdOf, badTime, cut, decimalIn, instantOf, isObject, noTime, portIn } from "./values.ts";

/** What a JSON value is: an audit record, an entry of another log, or neither. */
export type ReadRecord =
  | {
      readonly record: AuditRecord;
      /** One sentence for each invalid fact. The record is read without these. */
      readonly wrong: readonly string[];
    }
  /** Name of the other log's category or table. */
  | { readonly otherLog: string }
  | { readonly reason: string };

/**
 * Reads one record: from a blob, with its facts under `properties`; a row of `MicrosoftAzureBastionAuditLogs` or of
 * `AzureDiagnostics`; or an `AuditRecord` as `logs --records` writes it. Member names match in any case and with words
 * apart, and unknown members are ignored.
 */
export function recordOf(value: unknown): ReadRecord {
  if (!isObject(value)) {
    return { reason: reasons.object };
  }
  const facts = new Facts(value);
  const log = logOf(facts.members);
  const tells = (names: readonly FieldName[]): boolean => names.some((name) => facts.text(name) !== null);
  const isUnnamed = log === undefined || log.kind === "shared";
  if (isUnnamed && !tells(telling)) {
    return { reason: reasons.unknown };
  }
  if (!isUnnamed && log.kind !== "audit") {
    return { otherLog: log.name };
  }
  const written = facts.text("time");
  if (written === null) {
    return { reason: noTime("record", facts.members) };
  }
  const time = instantOf(written);
  if (time === null) {
    return { reason: badTime(written) };
  }
  if (!tells([...telling, "message", "person", "account"])) {
    return { reason: "The record has no fact of a session." };
  }
  return readFacts(facts, time);
}

/** Without a category, one of these facts identifies a record of a Bastion session. */
const telling = ["tunnelId", "clientIp", "targetResourceId", "targetIp"] as const;

function readFacts(facts: Facts, time: string): ReadRecord {
  const wrong: string[] = [];
  const read = fieldNames.map((name): [FieldName, string | number | null] => {
    const written = facts.text(name);
    const { what, of } = readers[fieldOf(name).kind];
    const value = written === null ? null : of(written, time);
    if (written !== null && value === null) {
      wrong.push(`Its ${memberOf(name)} is not ${what}: ${cut(written)}`);
    }
    return [name, typeof value === "string" && fieldOf(name).letters === "lower" ? value.toLowerCase() : value];
  });
  // Each reader returns the type that `AuditRecord` has for its kind, and the time was checked before.
  const record = Object.fromEntries(read) as AuditRecord;
  const { sessionStart, sessionEnd } = record;
  if (sessionStart === null || sessionEnd === null || sessionEnd >= sessionStart) {
    return { record, wrong };
  }
  wrong.push(`Its ${memberOf("sessionEnd")} ${sessionEnd} is before its ${memberOf("sessionStart")} ${sessionStart}`);
  return { record: { ...record, sessionEnd: null }, wrong };
}

interface Reader {
  /** What a text must be, for an error message. */
  readonly what: string;
  /** Returns null if the text is not valid. @param time of the record. */
  readonly of: (written: string, time: string) => string | number | null;
}

const readers: Readonly<Record<Field["kind"], Reader>> = {
  text: { what: "a text", of: (written) => written },
  id: { what: "an ARM id", of: armIdOf },
  time: { what: "a possible ISO 8601 date", of: nearbyInstantOf },
  port: { what: "a port number", of: portIn },
  duration: { what: "a possible number of milliseconds", of: durationOf },
};

/** Excludes the values that .NET writes for a time that is not set, 0001-01-01 or 9999-12-31. */
function nearbyInstantOf(text: string, time: string): string | null {
  const instant = instantOf(text);
  return instant !== null && isPossible(Math.abs(Date.parse(instant) - Date.parse(time)), time) ? instant : null;
}

/** Returns milliseconds. */
function durationOf(text: string, time: string): number | null {
  const number = Math.round(decimalIn(text));
  return isPossible(number, time) ? number : null;
}

/** Returns whether a session can have lasted this long: none can have started before 1970. */
function isPossible(milliseconds: number, time: string): boolean {
  return milliseconds <= Math.abs(Date.parse(time));
}
