/** The relation `sessions`, from those of `sessions.sql`: columns of a table that `foldInto` fills. */
import { relations } from "./relations.ts";

/** Of a tunnel or, where the records name none, of what tells the session from others; as `shortId` gives it. */
const id = `left(sha256(lower(CASE WHEN "tunnelId" IS NULL THEN concat_ws(chr(10), strftime(make_timestamp_ms(start),
  '%Y-%m-%dT%H:%M:%S.%gZ'), coalesce(vm, ''), coalesce("clientIp", ''), coalesce("clientPort"::VARCHAR, ''), coalesce(account, ''))
  ELSE "tunnelId" END)), 16)`;

const expressions: Readonly<Record<keyof typeof relations.sessions, string>> = {
  Id: id,
  Tunnel: `"tunnelId"`,
  Start: "start",
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

/** Columns of the table, in SQL. Nothing is null. */
export const sessionFacts = Object.entries(expressions)
  .map(([column, expression]) =>
    relations.sessions[column as keyof typeof expressions] === "string"
      ? `coalesce(${expression}, '') AS "${column}"`
      : `(${expression})::BIGINT AS "${column}"`,
  )
  .join(", ");
