/**
 * Returns whether one of a role's patterns grants an action. A `*` matches any text (Azure RBAC, role-definitions.md). An
 * action that contains a `*` itself, as in a role's file, is granted by a pattern that covers at least as much.
 */
export function matchesAction(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replaceAll(/[.\\+?^${}()|[\]]/g, String.raw`\$&`));
    return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
  });
}
