import { accessOperations } from "@bastion-trail/core/links/kql";
import type { ActivityAction, ActivityKind } from "./types.ts";

type AccessOperation = (typeof accessOperations)[number];

interface Meaning {
  readonly kind: ActivityKind;
  readonly action: ActivityAction;
}

const meanings: Readonly<Record<AccessOperation, Meaning>> = {
  "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action": { kind: "request", action: "initiate" },
  "Microsoft.Security/locations/jitNetworkAccessPolicies/write": { kind: "policy", action: "write" },
  "Microsoft.Security/locations/jitNetworkAccessPolicies/delete": { kind: "policy", action: "delete" },
  "Microsoft.Network/networkSecurityGroups/write": { kind: "rule", action: "write" },
  "Microsoft.Network/networkSecurityGroups/delete": { kind: "rule", action: "delete" },
  "Microsoft.Network/networkSecurityGroups/securityRules/write": { kind: "rule", action: "write" },
  "Microsoft.Network/networkSecurityGroups/securityRules/delete": { kind: "rule", action: "delete" },
};

const byName = new Map(accessOperations.map((operation) => [operation.toLowerCase(), operation]));

/**
 * Returns the operation in its own spelling: the case of operation names varies between providers and forms
 * (azure-monitor-docs, activity-log-schema.md). Returns `undefined` if the operation is not about access.
 */
export function accessOperation(name: string): AccessOperation | undefined {
  return byName.get(name.toLowerCase());
}

/**
 * Display names that some rows of `AzureActivity` have instead of the operation's name (Azure-Sentinel #4350). They name the
 * action; the resource tells what it was done to.
 */
const friendlyVerbs: readonly (readonly [RegExp, AccessOperation | undefined, "write" | "delete" | undefined])[] = [
  [
    /^initiate jit network access policy$/i,
    "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action",
    undefined,
  ],
  [/^(?:create|update)\b/i, undefined, "write"],
  [/^delete\b/i, undefined, "delete"],
];

const resourceTypes = [
  [/\/networkSecurityGroups\/[^/]+\/securityRules\/[^/]+$/i, "Microsoft.Network/networkSecurityGroups/securityRules"],
  [/\/networkSecurityGroups\/[^/]+$/i, "Microsoft.Network/networkSecurityGroups"],
  [/\/jitNetworkAccessPolicies\/[^/]+$/i, "Microsoft.Security/locations/jitNetworkAccessPolicies"],
] as const;

/** Returns the operation that a display name stands for; `undefined` if it is not about access. */
export function friendlyOperation(name: string, resource: string | null): AccessOperation | undefined {
  const [, operation, verb] = friendlyVerbs.find(([form]) => form.test(name)) ?? [];
  if (operation !== undefined || verb === undefined) return operation;
  const type = resourceTypes.find(([form]) => form.test(resource ?? ""))?.[1];
  return type === undefined ? undefined : accessOperation(`${type}/${verb}`);
}

/** @param operation one of `accessOperations`. */
export function meaningOf(operation: string): Meaning {
  const known = accessOperation(operation);
  if (known === undefined) {
    throw new RangeError(`'${operation}' is not an operation about access.`);
  }
  return meanings[known];
}
