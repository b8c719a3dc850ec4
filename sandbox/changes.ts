/** Number of resources that a run created, updated, replaced, deleted and left unchanged, as counted by the engine. */
export interface Changes {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly same: number;
}

/** The count that each kind of step of the engine belongs to; other kinds (`read`, `refresh`...) change nothing. */
const counted: Readonly<Record<string, keyof Changes>> = {
  create: "create",
  import: "create",
  update: "update",
  replace: "replace",
  "import-replacement": "replace",
  delete: "delete",
  discard: "delete",
  same: "same",
};

/** Returns the count that a kind of step belongs to; `undefined` if it changes nothing, or is part of a replacement. */
export function changeOf(kind: string): keyof Changes | undefined {
  return counted[kind];
}

/** Sums the engine's counts by kind of step into the five counts. */
export function toChanges(counts: Readonly<Record<string, number | undefined>>): Changes {
  const changes: Record<keyof Changes, number> = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
  for (const [kind, count] of Object.entries(counts)) {
    const name = changeOf(kind);
    if (name !== undefined) changes[name] += count ?? 0;
  }
  return changes;
}
