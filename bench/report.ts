import { median, pairedRatio } from "./statistics.ts";

/** One line of the report: our figure, the one it is compared with, and the allowed ratio. */
export interface Comparison {
  /** The measured subject, such as `program start, wall`. */
  readonly subject: string;
  readonly ours: string;
  /** The alternative, such as `an empty program`. */
  readonly against: string;
  readonly theirs: string;
  /** Ours divided by theirs; NaN if one of them was not measured. */
  readonly ratio: number;
  /** Largest allowed ratio. A line without one is only informational. */
  readonly bar?: number;
}

/** The figure that one line compares. */
export interface Figure<Run> {
  readonly subject: string;
  readonly of: (run: Run) => number;
  readonly show: (value: number) => string;
  readonly bar?: number | undefined;
}

/** Returns one line for each figure from alternating runs, with the medians of both sides and the paired ratio. */
export function compare<Run>(
  ours: readonly Run[],
  against: string,
  theirs: readonly Run[],
  figures: readonly Figure<Run>[],
): Comparison[] {
  return figures.map(({ subject, of, show, bar }) => {
    const [own, other] = [ours.map(of), theirs.map(of)];
    return {
      subject,
      ours: show(median(own)),
      against,
      theirs: show(median(other)),
      ratio: pairedRatio(own, other),
      ...(bar !== undefined && { bar }),
    };
  });
}

/** Whether a comparison meets its bar. One without a bar always does; one that was not measured does not. */
export function holds({ ratio, bar }: Comparison): boolean {
  return bar === undefined || ratio <= bar;
}

const headings = ["", "ours", "theirs", "", "ratio", "bar", ""];

/** The comparisons as a plain-text table. */
export function table(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map((comparison) => [
    comparison.subject,
    comparison.ours,
    comparison.theirs,
    comparison.against,
    Number.isNaN(comparison.ratio) ? "" : comparison.ratio.toFixed(2),
    comparison.bar === undefined ? "" : `<= ${comparison.bar.toFixed(2)}`,
    verdict(comparison),
  ]);
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function verdict(comparison: Comparison): string {
  if (comparison.bar === undefined) {
    return "";
  }
  return Number.isNaN(comparison.ratio) ? "NOT MEASURED" : holds(comparison) ? "ok" : "OVER";
}

/** 420 ms, 3.1 s, 214 s. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) {
    return `${milliseconds.toFixed(0)} ms`;
  }
  const seconds = milliseconds / 1000;
  return `${seconds.toFixed(seconds < 100 ? 1 : 0)} s`;
}

/** 173 MB, in millions of bytes. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
