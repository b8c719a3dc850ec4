import { openForMs } from "../sessions/openFor.ts";
import type { Engine } from "../store/engine.ts";
import { accessRelations, type Surroundings } from "./accessRelations.ts";
import { grantLives, type GrantLife } from "./grantLives.ts";
import { joinTrail } from "./joinTrail.ts";
import { gapRows } from "./logSight.ts";
import type { SessionVms } from "./possibleMatches.ts";
import type { Access } from "./readAccess.ts";
import type { JoinedRow, RelationName, RowOf } from "./relations.ts";
import { createRelations, fillRelation } from "./relationTables.ts";
import { ruleKind } from "./ruleKind.ts";
import { candidateRules, endOf, iso, requestOf, ruleOf, trailRow } from "./trailRow.ts";
import type { RuleLife } from "./ruleLives.ts";
import type { TrailGrant, TrailRow, TrailRuleRow } from "./types.ts";

/** The relations from the activity log and the settings. */
export type AccessRows = { readonly [Name in Exclude<RelationName, "sessions" | "flows">]: Iterable<RowOf<Name>> };

export interface TrailSources {
  readonly access: Access;
  readonly surroundings: Surroundings;
  /** The VMs of all sessions; `undefined` if they are not known before the join. */
  readonly vms?: SessionVms | undefined;
  /**
   * Joins all sessions of the range and of the day before it, so that a grant used on that day does not count as unused.
   * @param skewMs how far clocks may differ, in milliseconds.
   */
  readonly join: (rows: AccessRows, skewMs: number) => AsyncIterable<JoinedRow>;
}

export interface TrailOptions {
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  /** Keep only sessions that were connected at this time, which must equal `from`. */
  readonly at?: Date | undefined;
  /** How far clocks may differ, in milliseconds. */
  readonly skewMs: number;
  readonly now: Date;
}

/** Returns the grants and relations in the activity log. */
export function accessRows(
  { access, surroundings, vms }: Omit<TrailSources, "join">,
  now: Date,
): { readonly grants: GrantLife[]; readonly rows: AccessRows } {
  const grants = grantLives(access.requests, access.lives, now.getTime(), access.untold);
  const logged = access.subscriptions.map((Subscription) => ({ Subscription }));
  const rows = { ...accessRelations(grants, access.lives, surroundings, vms), gaps: gapRows(access.coverage), logged };
  return { grants, rows };
}

/**
 * Joins the sessions in the table `folded` of an engine.
 * @param flows a query for the relation `flows`; `undefined` if no flow log was read.
 */
export async function* joinFolded(
  engine: Engine,
  rows: AccessRows,
  flows: string | undefined,
  skewMs: number,
): AsyncGenerator<JoinedRow> {
  await createRelations(engine, { sessions: "FROM folded", ...(flows !== undefined && { flows }) });
  for (const name of Object.keys(rows) as (keyof AccessRows & RelationName)[]) {
    await fillRelation(engine, name, rows[name] as never);
  }
  yield* joinTrail(engine, skewMs);
}

/** A session of a trail, with its rules as the activity log has them. */
export interface TrailSession {
  readonly row: TrailRow;
  /** The rule of `row`; null if it has none, or only the flow log has it. */
  readonly rule: RuleLife | null;
  /** The candidates of `row` among the rules. */
  readonly candidates: readonly RuleLife[];
}

/** The trail of a time range. `grants` and `rules` are complete once all sessions have been read. */
export class Trail {
  readonly #joined: AsyncIterable<JoinedRow>;
  readonly #grants: readonly GrantLife[];
  readonly #access: Access;
  readonly #options: TrailOptions;
  readonly #sessionsOf = new Map<string, number>();

  constructor(joined: AsyncIterable<JoinedRow>, grants: readonly GrantLife[], access: Access, options: TrailOptions) {
    this.#joined = joined;
    this.#grants = grants;
    this.#access = access;
    this.#options = options;
  }

  /** Yields the sessions that overlap the range, sorted by start. */
  async *sessions(): AsyncGenerator<TrailSession> {
    const named = {
      grants: new Map(this.#grants.map((grant) => [grant.id, grant])),
      rules: new Map(this.#access.lives.map((life) => [life.id, life])),
    };
    for await (const row of this.#joined) {
      for (const id of [row.GrantId, row.RuleId]) this.#sessionsOf.set(id, (this.#sessionsOf.get(id) ?? 0) + 1);
      if (this.#isIn(row.Start, this.#lastSeen(row))) {
        yield {
          row: trailRow(row, named),
          rule: named.rules.get(row.RuleId) ?? null,
          candidates: candidateRules(row, named.rules),
        };
      }
    }
  }

  /** Returns the grants that overlap the range. */
  grants(): TrailGrant[] {
    return this.#grants
      .filter(({ from, until }) => this.#isIn(from, until))
      .sort((one, other) => one.from - other.from)
      .map((grant) => ({
        ...requestOf(grant),
        vm: grant.vm,
        vmName: grant.vmName,
        port: grant.port,
        sources: grant.sources,
        sessions: this.#sessionsOf.get(grant.id) ?? 0,
      }));
  }

  /** Returns the grants without a session. One that continues after the range may still be used, so it is left out. */
  unusedGrants(): TrailGrant[] {
    const last = this.#options.to?.toISOString();
    return this.grants().filter(({ sessions, until }) => sessions === 0 && (last === undefined || until <= last));
  }

  /** Returns the rules that overlap the range and let something in, except those of the deployment. */
  rules(): TrailRuleRow[] {
    const { until } = this.#access.coverage;
    const readUntil = until === null ? this.#options.now.getTime() : Date.parse(until);
    const ends = new Map<string, number>();
    for (const grant of this.#grants) {
      ends.set(grant.request.id, Math.max(grant.until, ends.get(grant.request.id) ?? 0));
    }
    return this.#openings().map((life) => ({
      ...ruleOf(life),
      kind: ruleKind(life, ends.get(life.request?.id ?? ""), readUntil),
      group: life.group,
      destinations: life.rule?.destinations ?? [],
      from: iso(life.from),
      until: life.until === null ? null : iso(life.until),
      correlationId: life.correlationId,
      request: life.request?.id ?? null,
      vms: (life.request?.vms ?? []).flatMap(({ id }) => id ?? []),
      sessions: this.#sessionsOf.get(life.id) ?? 0,
    }));
  }

  /** Returns the ids of `rules()`, in the same order. */
  ruleIds(): string[] {
    return this.#openings().map(({ id }) => id);
  }

  #openings(): RuleLife[] {
    return this.#access.lives.filter((life) => isOpening(life) && this.#isIn(life.from, life.until ?? Infinity));
  }

  #isIn(from: number, until: number): boolean {
    const range = this.#options;
    return from < (range.to?.getTime() ?? Infinity) && until >= (range.from?.getTime() ?? -Infinity);
  }

  /** A query for one time must not miss a session whose end no log shows. A failed login has none. */
  #lastSeen(row: JoinedRow): number {
    const isOver = this.#options.at === undefined || row.State === "closed";
    return endOf(row) ?? (isOver ? row.Seen : row.Seen + openForMs);
  }
}

/** Returns whether a rule may let something in. A rule older than the log is known only from its deletion, and is left out. */
function isOpening({ rule, byStack, from }: Access["lives"][number]): boolean {
  return from > 0 && !byStack && (rule === null || (rule.access === "allow" && rule.direction !== "outbound"));
}
