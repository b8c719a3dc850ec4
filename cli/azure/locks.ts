/** Management locks, which prevent resources from being changed or deleted (Azure Resource Manager, lock-resources.md). */
import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { ArmError } from "./failure.ts";
import { nameOf, readAs } from "./read.ts";
import { isSameIgnoringCase } from "../names/ignoringCase.ts";

const locksApiVersion = "2020-05-01";

export interface ManagementLock {
  readonly name: string;
  /** `CanNotDelete` or `ReadOnly`. */
  readonly level: string;
}

const lock = v.object({ id: v.string(), name: v.string(), properties: v.object({ level: v.string() }) });

/** Returns whether a lock made Azure refuse the request. */
export function isLocked(error: unknown): error is ArmError {
  return error instanceof ArmError && error.code === "ScopeLocked";
}

/** Returns the ids of the locked scopes in Azure's message; empty if the message has another form. */
export function lockedScopes({ message }: ArmError): string[] {
  const [, list = ""] = /following scope\(s\) are locked: (.*)$/i.exec(message) ?? [];
  return [...list.matchAll(/'([^']+)'/g)].map(([, scope = ""]) => scope);
}

/**
 * Lists the locks of a scope itself.
 * @param scope ARM id of a subscription, resource group or resource.
 * @throws ArmError, e.g. if the caller lacks `Microsoft.Authorization/locks/read`.
 */
export async function locksOf(arm: ArmClient, scope: string): Promise<ManagementLock[]> {
  const below = "/providers/Microsoft.Authorization/locks";
  const locks: ManagementLock[] = [];
  for await (const item of arm.list(`${scope}${below}`, locksApiVersion)) {
    const { id, name, properties } = readAs(lock, item, "a management lock");
    // Azure also lists the locks of everything inside the scope.
    if (isSameIgnoringCase(id, `${scope}${below}/${nameOf(id)}`)) {
      locks.push({ name, level: properties.level });
    }
  }
  return locks;
}
