/** Cost of a query to the evidence store. Times in milliseconds. */
export interface FoldFigures {
  /** Time until the last requested session was read. */
  readonly milliseconds: number;
  readonly sessions: number;
  readonly records: number;
}

/**
 * `folded`: six facts of every session, left in DuckDB. `handed over`: every session, or those of one person, with all
 * facts, sorted, as objects in Node.
 */
export type Question = "folded" | "handed over";
