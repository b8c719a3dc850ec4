import { textAt } from "./json.ts";
import type { ResourceReader } from "./resource.ts";
import { conflict } from "./armError.ts";
import { sameId, scopeOf, scopesOf } from "./ids.ts";

const lockType = "Microsoft.Authorization/locks";

/**
 * Refuses an operation that a management lock forbids. `ReadOnly` forbids writes, actions and deletion, `CanNotDelete`
 * only deletion, on the lock's scope and everything below it (Azure Resource Manager, lock-resources.md). Deleting a
 * scope is also refused if anything inside it is locked. A lock itself can always be written and deleted.
 * @throws ArmError ScopeLocked
 */
export function requireUnlocked(
  store: ResourceReader,
  id: string,
  type: string,
  operation: "write" | "delete" | "action",
): void {
  if (type.toLowerCase() === lockType.toLowerCase()) return;
  const above = scopesOf(id);
  const locks = store.ofType(lockType).filter((lock) => {
    const scope = scopeOf(lock.id);
    const forbids = operation === "delete" ? ["CanNotDelete", "ReadOnly"] : ["ReadOnly"];
    if (!forbids.includes(textAt(lock.body, "properties.level") ?? "")) return false;
    if (above.some((candidate) => sameId(candidate, scope))) return true;
    return operation === "delete" && scope.toLowerCase().startsWith(`${id.toLowerCase()}/`);
  });
  if (locks.length === 0) return;
  const scopes = [...new Set(locks.map((lock) => `'${scopeOf(lock.id)}'`))];
  throw conflict(
    "ScopeLocked",
    `The scope '${id}' cannot perform ${operation === "action" ? "write" : operation} operation because following scope(s) are locked: ${scopes.join(",")}. Please remove the lock and try again.`,
  );
}
