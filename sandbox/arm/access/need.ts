import { parsePoll } from "../longRunning.ts";
import { idOf, isSubscription, parsePath, resourceGroupType, sameId, type Target, typeOf } from "../ids.ts";
import type { Plane } from "../plane.ts";
import type { Resource } from "../resource.ts";

/** A right that an operation needs, and the scope. */
export interface Need {
  /** For example `Microsoft.Network/bastionHosts/write` (Azure RBAC, resource-provider-operations.md). */
  readonly action: string;
  /** ARM id. */
  readonly scope: string;
  /** Whether it is for a list, which shows what the caller may read at or below the scope. */
  readonly list?: boolean;
}

/**
 * Rights for ARM's own reads below a subscription, by the rest of the path in lower case
 * (permissions/management-and-governance.md).
 */
const ownReads: Readonly<Record<string, string>> = {
  "": "Microsoft.Resources/subscriptions/read",
  "/locations": "Microsoft.Resources/subscriptions/locations/read",
  "/providers": "Microsoft.Resources/subscriptions/providers/read",
  "/resourcegroups": "Microsoft.Resources/subscriptions/resourceGroups/read",
  "/resources": "Microsoft.Resources/subscriptions/resources/read",
  "/providers/microsoft.insights/eventtypes/management/values": "Microsoft.Insights/eventtypes/values/read",
};

/** Those of them that show only what the caller may read. */
const ownLists = new Set(["/resourcegroups", "/resources"]);

/**
 * Rights for polling a long-running operation, where a separate right is known to be needed (taskcluster #8594,
 * azure-docs #111535). Compute has one collection for both forms ("Virtual Machines - Delete").
 */
const polls: Readonly<Record<string, Readonly<Record<"operations" | "operationResults", string>>>> = {
  "microsoft.compute": {
    operations: "Microsoft.Compute/locations/operations/read",
    operationResults: "Microsoft.Compute/locations/operations/read",
  },
  "microsoft.network": {
    operations: "Microsoft.Network/locations/operations/read",
    operationResults: "Microsoft.Network/locations/operationResults/read",
  },
};

/**
 * Returns the right that a request needs: the type of its target and `read`, `write`, `delete` or the name of the
 * action (Azure RBAC, role-definitions.md, "Actions format"). `undefined` if no right is needed, as for the list of
 * subscriptions.
 */
export function needOf(plane: Plane, method: string, path: string): Need | undefined {
  const [, subscription = "", rest = ""] = /^(\/subscriptions\/[^/]+)(.*)$/i.exec(path) ?? [];
  if (subscription === "") return undefined;
  const poll = parsePoll(path);
  const namespace = /^\/providers\/([^/]+)/i.exec(rest)?.[1] ?? "";
  if (poll !== undefined) {
    const action = polls[namespace.toLowerCase()]?.[poll.collection];
    return action === undefined ? undefined : { action, scope: path };
  }
  const isRead = method === "GET" || method === "HEAD";
  const own = isRead ? ownReads[rest.toLowerCase()] : undefined;
  if (own !== undefined) return { action: own, scope: subscription, list: ownLists.has(rest.toLowerCase()) };
  if (/^\/providers\/[^/]+$/i.test(rest) && isRead) {
    return { action: "Microsoft.Resources/subscriptions/providers/read", scope: subscription };
  }
  const registration = /^\/providers\/[^/]+\/((?:un)?register)$/i.exec(rest)?.[1];
  if (registration !== undefined) {
    return { action: `${namespace}/${registration.toLowerCase()}/action`, scope: subscription };
  }
  if (sameId(rest, "/providers/Microsoft.Storage/checkNameAvailability")) {
    return { action: "Microsoft.Storage/checknameavailability/read", scope: subscription };
  }
  const parsed = parsePath(path);
  if (parsed === undefined || parsed.kind === "subscription") return undefined;
  return resourceNeed(plane, method, parsed.target);
}

function resourceNeed(plane: Plane, method: string, target: Target): Need {
  const verbs: Readonly<Record<string, string>> = { PUT: "write", PATCH: "write", DELETE: "delete", POST: "action" };
  const verb = verbs[method] ?? "read";
  const owner = { ...target, types: target.types.slice(0, target.names.length) };
  const action = `${typeInActions(plane, target)}/${verb}`;
  const list = verb === "read" && target.types.length > target.names.length;
  return { action, scope: owner.types.length === 0 ? listedScope(target) : idOf(owner), list };
}

/** Returns the scope in refusals of a list: with the provider, except in a subscription (external-dns #1973). */
function listedScope({ scope, namespace }: Target): string {
  return isSubscription(scope) ? scope : `${scope}/providers/${namespace}`;
}

/** Returns the right to read a resource. */
export function readNeed({ type, id }: Resource): Need {
  return { action: `${spelledInActions(type)}/read`, scope: id };
}

/** Returns the type in Azure's spelling, if known. */
function typeInActions(plane: Plane, target: Target): string {
  const known = target.types.length;
  for (let length = known; length > 0; length -= 1) {
    const type = plane.catalog.rulesOf(typeOf({ ...target, types: target.types.slice(0, length) }))?.type;
    if (type !== undefined) return [spelledInActions(type), ...target.types.slice(length)].join("/");
  }
  return typeOf(target);
}

/** A resource group belongs to the subscription. */
function spelledInActions(type: string): string {
  return sameId(type, resourceGroupType) ? "Microsoft.Resources/subscriptions/resourceGroups" : type;
}
