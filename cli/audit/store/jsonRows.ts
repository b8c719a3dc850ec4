/** Rows that leave DuckDB as one JSON list each: one text is handed over much faster than each value, and a list than an object. */

/** Returns the SQL expression of a row. @param expressions one for each value. */
export function jsonRow(expressions: readonly string[]): string {
  return `json_array(${expressions.join(", ")})`;
}

/** Returns a row as an object. @param names of the values, in their order. */
export function objectOf(names: readonly string[], text: string): Record<string, unknown> {
  const values = JSON.parse(text) as readonly unknown[];
  const object: Record<string, unknown> = {};
  // Faster than Object.fromEntries.
  names.forEach((name, at) => {
    object[name] = values[at];
  });
  return object;
}
