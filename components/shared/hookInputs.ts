/** Inputs of a resource as passed to a resource hook. In a preview, unknown inputs are not plain values. */
export type HookInputs = Readonly<Record<string, unknown>>;

/** Whether an input has a value. Other languages and the state have `null` for an omitted one. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Returns the members of an object, or the items of a list by their index; none for any other value. */
export function membersOf(value: unknown): HookInputs {
  return typeof value === "object" && value !== null ? (value as HookInputs) : {};
}
