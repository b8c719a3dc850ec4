/** What reading and folding an archive took. Times in milliseconds. */
export interface FoldFigures {
  /** Until every record was read and in its session. */
  readonly folded: number;
  /** Until the last session that was asked for was handed over. */
  readonly shown: number;
  readonly sessions: number;
  readonly records: number;
  readonly unreadable: number;
  /** Largest resident set, in bytes. */
  readonly peakMemory: number;
}
