import { openForMs } from "../sessions/sessionRelation.ts";
import type { Engine } from "../store/engine.ts";
import { accessRelations, type Surroundings } from "./accessRelations.ts";
import { grantLives, type GrantLife } from "./grantLives.ts";
import { joinTrail } from "./joinTrail.ts";
import { gapRows } from "./logSight.ts";
import type { Access } from "./readAccess.ts";
import type { JoinedRow, RelationName, RelationRows } from "./relations.ts";
import { createRelations, fillRelation } from "./relationTables.ts";
import { ruleKind } from "./ruleKind.ts";
import { iso, requestOf, ruleOf, trailRow } from "./trailRow.ts";
import type { TrailGrant, TrailRow, TrailRuleRow } from "./types.ts";

/** The relations that the activity log and the settings give. */
export type AccessRows = Omit<RelationRows, "sessions" | "flows">;

export interface TrailSources {
  readonly access: Access;
  readonly surroundings: Surroundings;
  /**
   * Joins all sessions of the range and of a day before it, so that a grant which was used then does not count as unused.
   * @param skewMs by how much clocks may differ.
   */
  readonly join: (rows: AccessRows, skewMs: number) => AsyncIterable<JoinedRow>;
}

export interface TrailOptions {
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  /** Whether only those are meant who were connected at this moment, which is `from` then. */
  readonly at?: Date | undefined;
  /** By how much clocks may differ, in milliseconds. */
  readonly skewMs: number;
  readonly now: Date;
}

/** The grants and the relations of what the activity log tells. */
export function accessRows(
  { access, surroundings }: Pick<TrailSources, "access" | "surroundings">,
  now: Date,
): { readonly grants: GrantLife[]; readonly rows: AccessRows } {
  const grants = grantLives(access.requests, access.lives, now.getTime());
  return { grants, rows: { ...accessRelations(grants, access.lives, surroundings), gaps: gapRows(access.coverage) } };
}

/**
 * Joins the sessions in the table `folded` of an engine.
 * @param flows a query that gives the relation; none where no flow log was read.
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

/** What the join of a time range says. `grants` and `rules` are complete when all rows were read. */
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

  /** The sessions that were there in the range, by their start. */
  async *rows(): AsyncGenerator<TrailRow> {
    const named = {
      grants: new Map(this.#grants.map((grant) => [grant.id, grant])),
      rules: new Map(this.#access.lives.map((life) => [life.id, life])),
    };
    for await (const row of this.#joined) {
      for (const id of [row.GrantId, row.RuleId]) this.#sessionsOf.set(id, (this.#sessionsOf.get(id) ?? 0) + 1);
      if (this.#isIn(row.Start, this.#lastSeen(row))) yield trailRow(row, named);
    }
  }

  /** Grants that ran in the range. */
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

  /** Rules that let something in, and were there in the range; not those of the deployment. */
  rules(): TrailRuleRow[] {
    const { until } = this.#access.coverage;
    const readUntil = until === null ? this.#options.now.getTime() : Date.parse(until);
    const ends = new Map<string, number>();
    for (const grant of this.#grants) {
      ends.set(grant.request.id, Math.max(grant.until, ends.get(grant.request.id) ?? 0));
    }
    return this.#access.lives
      .filter((life) => isOpening(life) && this.#isIn(life.from, life.until ?? Infinity))
      .map((life) => ({
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

  #isIn(from: number, until: number): boolean {
    const range = this.#options;
    return from < (range.to?.getTime() ?? Infinity) && until >= (range.from?.getTime() ?? -Infinity);
  }

  /** Who asks for a moment must not miss a session whose end no log tells. */
  #lastSeen({ Seen, Finish, FlowFinish }: JoinedRow): number {
    if (Finish === 0 && FlowFinish > 0) return FlowFinish;
    return this.#options.at !== undefined && Finish === 0 ? Seen + openForMs : Seen;
  }
}

/** What was there before the log begins is known by its end alone. */
function isOpening({ rule, byStack, from }: Access["lives"][number]): boolean {
  return from > 0 && !byStack && (rule === null || (rule.access === "allow" && rule.direction !== "outbound"));
}
