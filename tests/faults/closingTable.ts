import { elapsed } from "../../sandbox/progress.ts";

/** Counts cases by what they are about, for one table at the end of a run. */
export class ClosingTable {
  readonly #counts = new Map<string, { passed: number; failed: number }>();
  readonly #started = Date.now();

  /** Counts a case once it ends, and lets its failure through. */
  async count(name: string, outcome: Promise<void>): Promise<void> {
    const counts = this.#counts.get(name) ?? { passed: 0, failed: 0 };
    this.#counts.set(name, counts);
    try {
      await outcome;
      counts.passed += 1;
    } catch (error) {
      counts.failed += 1;
      // A run is long, and mocha tells what was wrong only at its end.
      console.log(error instanceof Error ? error.message : error);
      throw error;
    }
  }

  toString(): string {
    const rows = [...this.#counts].map(([name, counts]): [string, number, number] => [
      name,
      counts.passed,
      counts.failed,
    ]);
    const sum = (column: 1 | 2) => rows.reduce((total, row) => total + row[column], 0);
    const width = Math.max(...rows.map(([name]) => name.length), 10);
    const line = ([name, passed, failed]: [string, number, number]) =>
      `${name.padEnd(width)}  ${String(passed + failed).padStart(5)}  ${String(passed).padStart(6)}  ${String(failed).padStart(6)}`;
    return [
      `${"fault".padEnd(width)}  cases  passed  failed`,
      ...rows.map(line),
      line([`all, in ${elapsed(Date.now() - this.#started)}`, sum(1), sum(2)]),
    ].join("\n");
  }
}
