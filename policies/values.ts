/** A value that the deployment will only know once it has run, such as the address of a public IP in a preview. */
export const notYetKnown = Symbol("not yet known");

/**
 * A resource's properties as plain data. `@pulumi/policy` throws at the mere reading of an unknown value, which would end a policy at the
 * first resource that has one; here it is {@link notYetKnown}, and the policy judges what is known.
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
    // The class is internal to @pulumi/policy (proxy.ts), so its name is all there is to know it by.
    if (error instanceof Error && error.constructor.name === "UnknownValueError") return notYetKnown;
    throw error;
  }
  return plain(value);
}

/** Properties by name; an empty record for what is not an object. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A list's members; none for what is not a list. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** A text, or `undefined`: unset, not yet known, or something else. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Texts of the members of a singular and a plural property, as in `addressPrefix` and `addressPrefixes`: Azure takes either. */
export function texts(properties: Readonly<Record<string, unknown>>, singular: string, plural: string): string[] {
  return [properties[singular], ...list(properties[plural])].flatMap((value) => text(value) ?? []);
}

/** Whether a value was set: an unknown one counts, because something will be there. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

export function sameText(one: unknown, other: string): boolean {
  return text(one)?.toLowerCase() === other.toLowerCase();
}
