interface PropertyRuns {
  readonly numRuns: number;
  readonly seed: number;
}

/**
 * Returns how a property is tried: with the same inputs in every run, so that a failure tells of the change.
 * `PROPERTY_SEED=7` chooses other inputs, and `PROPERTY_RUNS=20` twenty times the usual number.
 */
export function propertyRuns(usual: number): PropertyRuns {
  const { PROPERTY_RUNS: times = "1", PROPERTY_SEED: seed = "20260504" } = process.env;
  return { numRuns: usual * Number(times), seed: Number(seed) };
}
