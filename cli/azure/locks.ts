/** Management locks, which keep resources from being changed or deleted (Azure Resource Manager, lock-resources.md). */
import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { ArmError } from "./failure.ts";
import { isSameId, nameOf, readAs } from "./read.ts";

const locksApiVersion = "2020-05-01";

export interface ManagementLock {
  readonly name: string;
  /** `CanNotDelete` or `ReadOnly`. */
  readonly level: string;
}

const lock = v.object({ id: v.string(), name: v.string(), properties: v.object({ level: v.string() }) });

/** Whether a lock keeps Azure from doing what was asked. */
export function isLocked(error: unknown): error is ArmError {
  return error instanceof ArmError && error.code === "ScopeLocked";
}

/** The ids of the locked scopes, which Azure names in its message; empty where it words that differently. */
export function lockedScopes({ message }: ArmError): string[] {
  const [, list = ""] = /following scope\(s\) are locked: (.*)$/i.exec(message) ?? [];
  return [...list.matchAll(/'([^']+)'/g)].map(([, scope = ""]) => scope);
}

/**
 * The locks of a scope itself.
 * @param scope ARM id of a subscription, resource group or resource.
 * @throws ArmError, e.g. when the caller lacks `Microsoft.Authorization/locks/read`.
 */
export async function locksOf(arm: ArmClient, scope: string): Promise<ManagementLock[]> {
  const below = "/providers/Microsoft.Authorization/locks";
  const locks: ManagementLock[] = [];
  for await (const item of arm.list(`${scope}${below}`, locksApiVersion)) {
    const { id, name, properties } = readAs(lock, item, "a management lock");
    // Azure lists the locks of what is in the scope as well.
    if (isSameId(id, `${scope}${below}/${nameOf(id)}`)) {
      locks.push({ name, level: properties.level });
    }
  }
  return locks;
}
