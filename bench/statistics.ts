/** The middle value; for an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) {
    throw new RangeError("There is no median of nothing.");
  }
  return (lower + upper) / 2;
}

/**
 * The ratio of `ours` to `theirs`: the median of the ratios of runs made in direct succession, so that other load on
 * the machine affects both sides of each ratio.
 */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length) {
    throw new RangeError(`There are ${ours.length} runs on one side and ${theirs.length} on the other.`);
  }
  return median(ours.map((value, index) => value / (theirs[index] ?? Number.NaN)));
}
