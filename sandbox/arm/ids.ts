/** The target of an ARM path, judged only by the positions of its segments. In its original case. */
export type ArmPath =
  | { readonly kind: "subscription"; readonly subscriptionId: string }
  | { readonly kind: "resource" | "collection"; readonly target: Target };

export interface Target {
  /** Id that the provider part follows: a subscription, a resource group, a resource, or "" for the tenant. */
  readonly scope: string;
  readonly namespace: string;
  /** For example `["virtualNetworks", "subnets"]`. */
  readonly types: readonly string[];
  /** As many as `types` for a resource, one less for a collection. */
  readonly names: readonly string[];
}

/** The type of resource groups, whose ids have no `/providers/` part. */
export const resourceGroupType = "Microsoft.Resources/resourceGroups";

/** Returns the full type, such as `Microsoft.Network/virtualNetworks/subnets`. */
export function typeOf(target: Target): string {
  return [target.namespace, ...target.types].join("/");
}

/** Returns a full type without its namespace: `virtualNetworks/subnets`. */
export function typeInNamespace(type: string): string {
  return type.slice(type.indexOf("/") + 1);
}

/** Parses a path or an id; undefined if its segments do not form pairs as in ARM. */
export function parsePath(path: string): ArmPath | undefined {
  const segments = path.split("/").filter((segment) => segment !== "");
  const providers = segments.findLastIndex((segment) => segment.toLowerCase() === "providers");
  if (providers >= 0) return parseProviderPart(segments, providers);
  if (segments[0]?.toLowerCase() !== "subscriptions" || segments[1] === undefined) return undefined;
  if (segments.length === 2) return { kind: "subscription", subscriptionId: segments[1] };
  if (segments[2]?.toLowerCase() !== "resourcegroups" || segments.length > 5) return undefined;
  const [, , , name, action] = segments;
  const target: Target = {
    scope: `/subscriptions/${segments[1]}`,
    namespace: "Microsoft.Resources",
    types: ["resourceGroups", ...(action === undefined ? [] : [action])],
    names: name === undefined ? [] : [name],
  };
  return { kind: name === undefined || action !== undefined ? "collection" : "resource", target };
}

function parseProviderPart(segments: string[], providers: number): ArmPath | undefined {
  const namespace = segments[providers + 1];
  const rest = segments.slice(providers + 2);
  if (namespace === undefined || rest.length === 0) return undefined;
  const scope = segments
    .slice(0, providers)
    .map((segment) => `/${segment}`)
    .join("");
  const types = rest.filter((_, index) => index % 2 === 0);
  const names = rest.filter((_, index) => index % 2 === 1);
  return { kind: rest.length % 2 === 0 ? "resource" : "collection", target: { scope, namespace, types, names } };
}

/** Returns the id of a target, in ARM's order. */
export function idOf(target: Target): string {
  if (typeOf(target).toLowerCase() === resourceGroupType.toLowerCase()) {
    return `${target.scope}/resourceGroups/${target.names.join("/")}`;
  }
  const pairs = target.types.map((type, index) => `/${type}/${target.names[index] ?? ""}`);
  return `${target.scope}/providers/${target.namespace}${pairs.join("")}`;
}

/** Returns the id of a child's parent, or of an extension's scope; undefined at the top. */
export function parentIdOf(id: string): string | undefined {
  const path = parsePath(id);
  if (path?.kind !== "resource") return undefined;
  const { target } = path;
  if (target.types.length === 1) return target.scope === "" ? undefined : target.scope;
  return idOf({ ...target, types: target.types.slice(0, -1), names: target.names.slice(0, -1) });
}

/** Returns the id of what an extension resource, such as a lock, belongs to. */
export function scopeOf(extensionId: string): string {
  return parentIdOf(extensionId) ?? "";
}

/** Returns the id of a child's parent, such as the virtual network of a subnet, without checking that it is a child. */
export function ownerIdOf(childId: string): string {
  return childId.split("/").slice(0, -2).join("/");
}

/** Returns the last segment of an id. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** Returns the id of the subscription in an id: `/subscriptions/GUID`. */
export function subscriptionScopeOf(id: string): string {
  return id.split("/").slice(0, 3).join("/");
}

/** Whether a scope is a subscription, and nothing in one. */
export function isSubscription(scope: string): boolean {
  return /^\/subscriptions\/[^/]+$/i.test(scope);
}

/** Returns the resource group's name in an id, in its original case. */
export function resourceGroupOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i.exec(id)?.[1];
}

/** Whether an id is `scope` itself or inside it. */
export function isAtOrBelow(id: string, scope: string): boolean {
  return `${id.toLowerCase()}/`.startsWith(`${scope.toLowerCase()}/`);
}

/**
 * Returns the id and every id that contains it, nearest first: `.../subnets/a`, `.../virtualNetworks/v`, the group, the
 * subscription.
 */
export function scopesOf(id: string): string[] {
  const scopes = [id];
  for (let parent = parentIdOf(id); parent !== undefined; parent = parentIdOf(parent)) scopes.push(parent);
  return scopes;
}

/** Whether two ARM ids name the same resource. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
