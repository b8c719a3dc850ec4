/** What a question to the evidence store took. Times in milliseconds. */
export interface FoldFigures {
  /** Until the last session that was asked for was there. */
  readonly milliseconds: number;
  readonly sessions: number;
  readonly records: number;
}

/**
 * `folded`: six facts of every session, left in DuckDB; `handed over`: every session with all its facts, sorted, as an object in Node,
 * or those of one person.
 */
export type Question = "folded" | "handed over";
