/** The middle value; of an even number of values, the mean of the two in the middle. */
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
 * How much more `ours` is than `theirs`: the median of the ratios of runs made one right after the other, so that what else
 * the machine was doing weighs on both sides of each.
 */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length) {
    throw new RangeError(`There are ${ours.length} runs on one side and ${theirs.length} on the other.`);
  }
  return median(ours.map((value, index) => value / (theirs[index] ?? Number.NaN)));
}
