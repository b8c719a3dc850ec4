/** The sessions in evidence, as a DuckDB relation. */
import { guestPrefix, homeNames } from "../records/personName.ts";
import type { SessionFilter } from "../records/types.ts";
import type { Engine, SqlValues } from "../store/engine.ts";
import { createRepeats } from "../store/repeats.ts";
import { sqlFile } from "../store/sqlFile.ts";
import type { UsedSegment } from "../store/store.ts";
import { openForMs } from "./openFor.ts";

const sessionsSql = sqlFile(new URL("sessions.sql", import.meta.url));

/** Number of records whose sessions fit into memory at once. */
const foldedAtOnce = 500_000;

export interface SessionsOptions {
  /** The segments of the view `evidence`. */
  readonly segments: readonly UsedSegment[];
  /** Sessions without a matching record are excluded; other sessions that do not match may remain. */
  readonly filter: SessionFilter;
  /** The current time. */
  readonly now: Date;
}

/**
 * Creates the view `sessions`, whose columns sessions.sql defines. It reads the view `evidence`, and creates the
 * table `repeats`.
 *
 * With millions of sessions, the whole view does not fit into memory: `sessionRanges` returns the parts that do.
 */
export async function createSessions(engine: Engine, { segments, filter, now }: SessionsOptions): Promise<void> {
  await createRepeats(engine, segments);
  await engine.run(`SET VARIABLE now = ${now.getTime()}`);
  await engine.run(`SET VARIABLE openFor = ${openForMs}`);
  await engine.run(`SET VARIABLE until = ${filter.to?.getTime() ?? "NULL"}`);
  const { conditions, values } = recordConditions(filter);
  if (conditions.length === 0) {
    await engine.run("CREATE OR REPLACE TEMP VIEW records AS FROM evidence");
  } else {
    // One record of a session may match one condition, and another record the next one.
    const fitting = conditions.map((condition) => `SELECT session FROM evidence WHERE ${condition}`);
    await engine.run(`CREATE OR REPLACE TEMP TABLE wanted AS ${fitting.join(" INTERSECT ")}`, values);
    if (filter.withNeighbours !== undefined) {
      await engine.run(`INSERT INTO wanted SELECT session FROM evidence WHERE ${isToAddressOfWanted}`);
    }
    await engine.run(
      "CREATE OR REPLACE TEMP VIEW records AS SELECT * FROM evidence WHERE session IN (SELECT session FROM wanted)",
    );
  }
  await engine.run(`CREATE OR REPLACE TEMP VIEW sessions AS ${sessionsSql}`);
}

/**
 * Fills the table `folded` with the sessions of the view `sessions` that match the filter, and drops the view.
 * @param facts its columns: expressions over the columns of the relation. Other columns are not folded.
 */
export async function collectSessions(engine: Engine, filter: SessionFilter, facts: string): Promise<void> {
  await engine.run(`CREATE OR REPLACE TABLE folded AS SELECT ${facts} FROM sessions LIMIT 0`);
  const { conditions, values } = sessionConditions(filter);
  for (const { first, last } of await sessionRanges(engine)) {
    const where = [`session BETWEEN ${first} AND ${last}`, ...conditions].join(" AND ");
    await engine.run(`INSERT INTO folded SELECT ${facts} FROM sessions WHERE ${where}`, values);
  }
  await engine.run("DROP VIEW sessions");
}

/** A range of the column `session`, both ends included. */
export interface SessionRange {
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * Returns the ranges of sessions that are folded one after the other.
 * @param atOnce approximate number of records in a range.
 */
export async function sessionRanges(engine: Engine, atOnce = foldedAtOnce): Promise<SessionRange[]> {
  const [[count = 0] = []] = await engine.rows("SELECT count(*) FROM records");
  const parts = BigInt(Math.max(1, Math.ceil(Number(count) / atOnce)));
  const all = 2n ** 64n;
  return Array.from({ length: Number(parts) }, (_, part) => ({
    first: (all * BigInt(part)) / parts,
    last: (all * BigInt(part + 1)) / parts - 1n,
  }));
}

const isUser = `list_contains(string_split($homes, chr(10)), lower(person)) OR starts_with(lower(person), $guest)
  OR lower($user) IN (lower(person), lower(account))`;

const isToAddressOfWanted = `lower("targetIp") IN (
  SELECT lower("targetIp") FROM evidence WHERE session IN (SELECT session FROM wanted))`;

interface Conditions {
  readonly conditions: readonly string[];
  readonly values: SqlValues;
}

/** Conditions that at least one record of a session must match. */
function recordConditions(filter: SessionFilter): Conditions {
  return conditionsOf(filter, {
    user: isUser,
    vm: `lower("targetResourceId") = lower($vm) OR ends_with(lower("targetResourceId"), lower($vmEnd))`,
    protocol: `lower(protocol) = lower($protocol)`,
    tunnel: `starts_with(lower("tunnelId"), lower($tunnel))`,
    bastion: `lower("bastionId") = lower($bastion) OR starts_with(lower("bastionId"), lower($bastion) || '/')`,
  });
}

/** The condition on a record of a Bastion host in the filter's scope; `true` for every host. */
export function scopeCondition({ bastion }: SessionFilter): { readonly condition: string; readonly values: SqlValues } {
  const { conditions, values } = recordConditions(bastion === undefined ? {} : { bastion });
  return { condition: conditions[0] ?? "true", values };
}

const inTime = {
  // Without an end, an open session lasts until now, and any other one until its last record.
  from: `coalesce("end", CASE state WHEN 'open' THEN getvariable('now') ELSE "lastRecord" END) >= $from`,
  to: `start < $to + $after`,
};

/** Conditions that a session must match. Of neighbours, only the times matter. */
function sessionConditions(filter: SessionFilter): Conditions {
  if (filter.withNeighbours !== undefined) return conditionsOf(filter, inTime);
  return conditionsOf(filter, {
    ...inTime,
    user: isUser,
    vm: `lower($vm) IN (lower(vm), lower("vmName"), lower(concat(split_part(vm, '/', 5), '/', "vmName")))`,
    protocol: `lower(protocol) = lower($protocol)`,
    outcome: `outcome = $outcome`,
    tunnel: `starts_with(lower("tunnelId"), lower($tunnel))`,
    bastion: `lower(bastion) = lower($bastion) OR starts_with(lower(bastion), lower($bastion) || '/')`,
  });
}

/** The end of the id of a VM with a name, `GROUP/NAME` or ARM id: an instance of a scale set is `web_3`, and its id ends in `3`. */
function endOfId(vm: string): string {
  const name = vm.startsWith("/") ? vm : vm.slice(vm.indexOf("/") + 1);
  return name.slice(name.lastIndexOf("_") + 1);
}

function conditionsOf(filter: SessionFilter, all: Partial<Record<keyof SessionFilter, string>>): Conditions {
  const given = Object.entries(all).filter(([name]) => filter[name as keyof SessionFilter] !== undefined);
  const conditions = given.map(([, condition]) => `(${condition})`);
  const named = new Set([...conditions.join(" ").matchAll(/\$(\w+)/g)].map(([, name]) => name));
  const { from, to, vm, user, withNeighbours, ...others } = filter;
  const values = {
    ...others,
    from: from && BigInt(from.getTime()),
    to: to && BigInt(to.getTime()),
    after: BigInt(withNeighbours?.afterMs ?? 0),
    user,
    homes: user && homeNames(user).join("\n"),
    guest: user && guestPrefix(user),
    vm,
    vmEnd: vm === undefined ? undefined : endOfId(vm),
  };
  const bound = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || !named.has(name) ? [] : [[name, value] as const],
  );
  return { conditions, values: Object.fromEntries(bound) };
}
