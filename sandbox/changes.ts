/** How many resources a run created, updated, replaced, deleted and left alone, in the engine's own count. */
export interface Changes {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly same: number;
}

/** Which count a step kind of the engine belongs to; the other kinds (`read`, `refresh`...) change nothing. */
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

/** Which count a kind of step belongs to; `undefined` where it changes nothing, or is a part of a replacement. */
export function changeOf(kind: string): keyof Changes | undefined {
  return counted[kind];
}

/** Folds the engine's counts by step kind into the five that matter. */
export function toChanges(counts: Readonly<Record<string, number | undefined>>): Changes {
  const changes: Record<keyof Changes, number> = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
  for (const [kind, count] of Object.entries(counts)) {
    const name = changeOf(kind);
    if (name !== undefined) {
      changes[name] += count ?? 0;
    }
  }
  return changes;
}
