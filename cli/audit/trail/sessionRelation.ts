/** The relation `sessions`, from those of `sessions.sql`: columns of a table that `foldInto` fills. */
import { relations } from "./relations.ts";
import { columnTypes } from "./relationTables.ts";

/**
 * A session's id: a `shortId` of its tunnel or, if it is a record without one, of the facts that distinguish that. Not of its start:
 * the records of the start and of the end of a session may both tell it.
 */
const id = `left(sha256(lower(CASE WHEN "tunnelId" IS NULL THEN concat_ws(chr(10),
  strftime(make_timestamp_ms("lastRecord"), '%Y-%m-%dT%H:%M:%S.%gZ'), coalesce(vm, ''), coalesce("clientIp", ''),
  coalesce("clientPort"::VARCHAR, ''), coalesce(account, ''), coalesce(person, ''), coalesce(message, ''))
  ELSE "tunnelId" END)), 16)`;

const expressions: Readonly<Record<keyof typeof relations.sessions, string>> = {
  Id: id,
  Tunnel: `"tunnelId"`,
  Start: "start",
  StartTold: `"hasStart"`,
  Finish: `coalesce("end", 0)`,
  Seen: `coalesce("end", CASE state WHEN 'open' THEN getvariable('now') ELSE "lastRecord" END)`,
  State: "state",
  Vm: "vm",
  VmName: `"vmName"`,
  VmIp: `"vmIp"`,
  Subscription: "lower(split_part(vm, '/', 3))",
  Protocol: "protocol",
  ClientIp: `"clientIp"`,
  Person: "person",
  Account: "account",
  Outcome: "outcome",
  Bastion: "bastion",
};

/** SQL expressions of the columns. None is null. */
export const sessionFacts = Object.entries(expressions)
  .map(([column, expression]) => {
    const type = relations.sessions[column as keyof typeof expressions];
    const value = type === "string" ? `coalesce(${expression}, '')` : expression;
    return `(${value})::${columnTypes[type]} AS "${column}"`;
  })
  .join(", ");
