/** Returns the clauses of an RBAC `$filter`, which are joined by `and`; none without a filter. */
export function clausesOf(filter: string | null): string[] {
  return (filter ?? "")
    .split(/\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)/i)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "");
}
