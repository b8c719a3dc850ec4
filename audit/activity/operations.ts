import { accessOperations } from "../../links/kql.ts";
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
 * The operation by its own spelling: the casing of operation names varies between providers and forms
 * (azure-monitor-docs, activity-log-schema.md). `undefined` for one that is not about access.
 */
export function accessOperation(name: string): AccessOperation | undefined {
  return byName.get(name.toLowerCase());
}

/** @param operation one of `accessOperations`. */
export function meaningOf(operation: string): Meaning {
  const known = accessOperation(operation);
  if (known === undefined) {
    throw new RangeError(`'${operation}' is no operation about access.`);
  }
  return meanings[known];
}
