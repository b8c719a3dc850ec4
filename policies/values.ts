/** A value that is known only after the deployment, such as a public IP address in a preview. */
export const notYetKnown = Symbol("not yet known");

/**
 * Returns a resource's properties as plain data. `@pulumi/policy` throws when an unknown value is read, which would end
 * a policy at the first resource with one. Here such a value is {@link notYetKnown}, and the policy checks what is
 * known.
 */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => member(value, index));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, member(value, key)]));
}

function member(container: object, key: string | number): unknown {
  let value: unknown;
  try {
    value = Reflect.get(container, key);
  } catch (error) {
    // The class is internal to @pulumi/policy (proxy.ts), so it can be identified only by its name.
    if (error instanceof Error && error.constructor.name === "UnknownValueError") return notYetKnown;
    throw error;
  }
  return plain(value);
}

/** Returns properties by name; an empty record for anything but an object. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Returns the members of a list; none for anything but a list. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** Returns a string; `undefined` if the value is unset, not yet known, or something else. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/**
 * Returns the strings of a singular and a plural property, such as `addressPrefix` and `addressPrefixes`: Azure accepts
 * either.
 */
export function texts(properties: Readonly<Record<string, unknown>>, singular: string, plural: string): string[] {
  return [properties[singular], ...list(properties[plural])].flatMap((value) => text(value) ?? []);
}

/** Whether a value is set. An unknown value is set too, because it will be known later. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

export function sameText(one: unknown, other: string): boolean {
  return text(one)?.toLowerCase() === other.toLowerCase();
}
