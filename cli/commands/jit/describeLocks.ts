import type { ArmClient } from "../../azure/armClient.ts";
import { AzureFailure, type ArmError } from "../../azure/failure.ts";
import { lockedScopes, locksOf, type ManagementLock } from "../../azure/locks.ts";
import { nameOf } from "../../azure/read.ts";

/** Describes the locks that caused an error: `the lock 'keep' (CanNotDelete) on the resource group trail`. */
export async function describeLocks(arm: ArmClient, error: ArmError): Promise<string> {
  const scopes = lockedScopes(error);
  if (scopes.length === 0) {
    return "a lock";
  }
  return (await Promise.all(scopes.map((scope) => describeScope(arm, scope)))).join(" and ");
}

async function describeScope(arm: ArmClient, scope: string): Promise<string> {
  const locks = await readableLocks(arm, scope);
  const named = locks.map(({ name, level }) => `the lock '${name}' (${level})`).join(" and ");
  return `${named || "a lock"} on ${scopeName(scope)}`;
}

/** The locks of a scope; none if the caller may not read them. The scope alone is shown then. */
async function readableLocks(arm: ArmClient, scope: string): Promise<ManagementLock[]> {
  try {
    return await locksOf(arm, scope);
  } catch (error) {
    if (error instanceof AzureFailure) return [];
    throw error;
  }
}

function scopeName(scope: string): string {
  const kind = /^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?$/i.exec(scope);
  const article = kind === null ? "" : kind[1] === undefined ? "the subscription " : "the resource group ";
  return `${article}${nameOf(scope)}`;
}
