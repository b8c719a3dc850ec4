/** Whether two names or ids are the same. Azure ignores their case. A missing one is like no other. */
export function isSameIgnoringCase(one: string | null | undefined, other: string | null | undefined): boolean {
  return typeof one === "string" && one.toLowerCase() === other?.toLowerCase();
}

/** Whether an ARM id is that of a scope, or of a resource in it. */
export function isWithin(id: string | null, scope: string): boolean {
  return isSameIgnoringCase(id, scope) || id?.toLowerCase().startsWith(`${scope.toLowerCase()}/`) === true;
}
