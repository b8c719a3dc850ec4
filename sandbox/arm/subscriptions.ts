import { listedFor, may } from "./access/authorize.ts";
import type { HttpAnswer } from "./http.ts";
import { objectAt, type JsonObject } from "./json.ts";
import { requireGroup, requireSubscription } from "./locate.ts";
import type { Provider } from "./catalog.ts";
import type { Caller } from "./caller.ts";
import type { Resource } from "./resource.ts";
import { resourceGroupOf, resourceGroupType, sameId, typeInNamespace } from "./ids.ts";
import { page } from "./paging.ts";
import type { ArmRequest, Plane } from "./plane.ts";
import { renderGeneric } from "./reads.ts";
import { isRegistered, isRegistrationFree, register, unregister } from "./registrations.ts";
import { regionDisplayNames, renderRegions } from "./regions.ts";
import { resourceFilter } from "./resourceFilter.ts";

/**
 * Answers requests to ARM itself: tenants, the subscription, regions, providers, and all resources of a scope.
 * @returns undefined for any other path.
 */
export function answerSubscription(plane: Plane, request: ArmRequest): HttpAnswer | undefined {
  const { method, path } = request.http;
  const segments = path.toLowerCase().split("/").slice(1);
  const [first, , third, , fifth] = segments;
  // As the client spells it: Azure repeats it in its answer.
  const namespace = path.split("/")[4] ?? "";
  if (method === "GET" && path.toLowerCase() === "/tenants") return list([tenant(plane)]);
  if (first !== "subscriptions") return undefined;
  if (segments.length === 1 && method === "GET") return list(readableSubscriptions(plane, request.caller));
  if (segments.length > 1) requireSubscription(plane, path);
  if (third === "providers" && segments.length === 5 && method === "POST") {
    const changed = changeRegistration(plane, namespace, fifth ?? "");
    if (changed !== undefined) return changed;
  }
  if (method !== "GET") return undefined;
  if (segments.length === 2) return { status: 200, body: subscription(plane) };
  if (segments.length === 3) {
    if (third === "locations") return list(renderRegions(plane.identity.subscriptionId));
    if (third === "providers") return list(plane.catalog.providers.map((one) => provider(plane, one)));
    if (third === "resources") return resources(plane, request, undefined);
  }
  if (segments.length === 4 && third === "providers")
    return { status: 200, body: provider(plane, plane.catalog.requireProvider(namespace)) };
  if (segments.length === 5 && third === "resourcegroups" && fifth === "resources")
    return resources(plane, request, resourceGroupOf(path));
  return undefined;
}

/**
 * A client that signs in chooses from this list. A role on a resource group is enough (azure-docs,
 * container-instances-github-action.md).
 */
function readableSubscriptions(plane: Plane, caller: Caller): JsonObject[] {
  const scope = `/subscriptions/${plane.identity.subscriptionId}`;
  const readable = may(plane, caller, { action: "Microsoft.Resources/subscriptions/read", scope, list: true });
  return readable ? [subscription(plane)] : [];
}

/** @returns undefined for any other word, which is an action of the provider. */
function changeRegistration(plane: Plane, namespace: string, word: string): HttpAnswer | undefined {
  if (word !== "register" && word !== "unregister") return undefined;
  const changed = plane.catalog.requireProvider(namespace);
  if (word === "register") {
    register(plane, changed.namespace);
    return { status: 200, body: provider(plane, changed) };
  }
  unregister(plane, changed.namespace);
  // Unregistering takes a while in Azure; the next response has `NotRegistered`.
  return { status: 200, body: { ...provider(plane, changed), registrationState: "Unregistering" } };
}

function list(value: JsonObject[]): HttpAnswer {
  return { status: 200, body: { value, count: { type: "Total", value: value.length } } };
}

function tenant({ identity }: Plane): JsonObject {
  return {
    id: `/tenants/${identity.tenantId}`,
    tenantId: identity.tenantId,
    countryCode: "US",
    displayName: "bastion-trail sandbox",
    domains: ["sandbox.onmicrosoft.com"],
    tenantCategory: "Home",
    defaultDomain: "sandbox.onmicrosoft.com",
    tenantType: "AAD",
  };
}

function subscription({ identity }: Plane): JsonObject {
  return {
    id: `/subscriptions/${identity.subscriptionId}`,
    authorizationSource: "RoleBased",
    managedByTenants: [],
    subscriptionId: identity.subscriptionId,
    tenantId: identity.tenantId,
    displayName: "bastion-trail sandbox",
    state: "Enabled",
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "PayAsYouGo_2014-09-01",
      spendingLimit: "Off",
    },
  };
}

/** Returns a resource provider with its types, from which clients choose an api-version. */
function provider(plane: Plane, { namespace, types }: Provider): JsonObject {
  return {
    id: `/subscriptions/${plane.identity.subscriptionId}/providers/${namespace}`,
    namespace,
    registrationPolicy: isRegistrationFree(namespace) ? "RegistrationFree" : "RegistrationRequired",
    registrationState: isRegistered(plane, namespace) ? "Registered" : "NotRegistered",
    resourceTypes: types.map((rules) => {
      const apiVersions = [...rules.apiVersions].reverse();
      return {
        resourceType: typeInNamespace(rules.type),
        locations: rules.location === "required" ? regionDisplayNames() : [],
        apiVersions,
        ...(apiVersions[0] === undefined ? {} : { defaultApiVersion: apiVersions[0] }),
        capabilities: rules.location === "required" ? "SupportsTags, SupportsLocation" : "None",
      };
    }),
  };
}

/** Returns all tracked resources, which are those with their own location, of the subscription or of one group. */
function resources(plane: Plane, request: ArmRequest, group: string | undefined): HttpAnswer {
  const { query } = request.http;
  if (group !== undefined) requireGroup(plane, group);
  const matches = resourceFilter(query.get("$filter"));
  const found = plane.store
    .all()
    .filter(
      (resource) =>
        isTracked(plane, resource) &&
        (group === undefined || sameId(resourceGroupOf(resource.id) ?? "", group)) &&
        matches(resource),
    )
    .filter(listedFor(plane, request))
    .sort((a, b) => (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1));
  const expanded = (query.get("$expand") ?? "").split(",").map((name) => name.trim().toLowerCase());
  const { items, nextLink } = page(plane.endpoint, request.http, found);
  return {
    status: 200,
    body: {
      value: items.map((resource) => ({ ...renderGeneric(resource), ...extra(resource, expanded) })),
      ...nextLink,
    },
  };
}

function isTracked(plane: Plane, resource: Resource): boolean {
  return resource.type !== resourceGroupType && plane.catalog.rulesOf(resource.type)?.location === "required";
}

function extra(resource: Resource, expanded: readonly string[]): JsonObject {
  const state = objectAt(resource.body, "properties").provisioningState;
  return {
    ...(expanded.includes("createdtime") ? { createdTime: resource.createdAt } : {}),
    ...(expanded.includes("changedtime") ? { changedTime: resource.changedAt } : {}),
    ...(expanded.includes("provisioningstate") && state !== undefined ? { provisioningState: state } : {}),
  };
}
