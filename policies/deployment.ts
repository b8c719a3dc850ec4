import type { PolicyResource } from "@pulumi/policy";
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import { notYetKnown, plain, record, text } from "./values.ts";

/** A resource of azure-native as the policies see it. */
export interface AzureResource {
  /** Module and name of its type without an API version, such as `network:BastionHost`; of any other provider, its whole token. */
  readonly type: string;
  /** Its Pulumi name. */
  readonly name: string;
  readonly urn: string;
  readonly isProtected: boolean;
  /** What it is in Azure; in a preview, what is known of that. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Resources from whose outputs an input was made. */
  readonly madeFrom: (input: string) => readonly AzureResource[];
}

/** Everything that one stack holds. */
export type Deployment = readonly AzureResource[];

/** `azure-native:network/v20240501:BastionHost` and `azure-native:network:BastionHost` are one type of resource. */
export function typeOf(token: string): string {
  const [, module, name] = /^azure-native(?:_\w+)?:([^:/]+)(?:\/v\w+)?:(\w+)$/.exec(token) ?? [];
  return module === undefined || name === undefined ? token : `${module}:${name}`;
}

export function deploymentOf(resources: readonly PolicyResource[]): Deployment {
  const byUrn = new Map<string, AzureResource>();
  for (const resource of resources) {
    byUrn.set(resource.urn, {
      type: typeOf(resource.type),
      name: resource.name,
      urn: resource.urn,
      isProtected: resource.opts.protect,
      properties: setProperties(resource),
      madeFrom: (input) => (resource.propertyDependencies[input] ?? []).flatMap(({ urn }) => byUrn.get(urn) ?? []),
    });
  }
  return [...byUrn.values()];
}

/**
 * In a preview azure-native answers each property that no input sets with an unknown value. What no input sets is left out: Azure has a
 * default for it, which no policy may rely on.
 */
function setProperties({ props, propertyDependencies }: PolicyResource): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(record(plain(props))).filter(([key, value]) => value !== notYetKnown || key in propertyDependencies),
  );
}

export function ofType(deployment: Deployment, type: string): AzureResource[] {
  return deployment.filter((resource) => resource.type === type);
}

/**
 * Whether an input leads to a resource: it was made from that resource's outputs, and the ARM id that stands there, once it is known, has
 * that resource's type and name.
 * @param id - the ARM id in the input, where it is one; the input as a whole otherwise.
 */
export function leadsTo(from: AzureResource, input: string, target: AzureResource, id?: unknown): boolean {
  const isMadeFrom = from.madeFrom(input).includes(target);
  const parsed = parseResourceId(text(id) ?? "");
  const { name, type } = target.properties;
  if (parsed === undefined || text(name) === undefined || text(type) === undefined) return isMadeFrom;
  const isNamed =
    parsed.name.toLowerCase() === text(name)?.toLowerCase() && parsed.type.toLowerCase() === text(type)?.toLowerCase();
  // An id that was typed in is made from no resource.
  return isNamed && (isMadeFrom || from.madeFrom(input).every((source) => source.type !== target.type));
}
