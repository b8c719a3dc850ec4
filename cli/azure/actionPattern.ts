/**
 * Whether one of a role's patterns gives an action. A `*` stands for any text (Azure RBAC, role-definitions.md); an action that
 * itself has a `*`, as in a role's file, is given by a pattern that has at least as much.
 */
export function matchesAction(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replaceAll(/[.\\+?^${}()|[\]]/g, String.raw`\$&`));
    return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
  });
}
