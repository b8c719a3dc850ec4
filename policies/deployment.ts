import type { PolicyResource } from "@pulumi/policy";
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import { notYetKnown, plain, record, text } from "./values.ts";

/** An azure-native resource, as the policies see it. */
export interface AzureResource {
  /**
   * Module and name of its type without an API version, such as `network:BastionHost`. For other providers, the whole
   * token.
   */
  readonly type: string;
  /** Its Pulumi name. */
  readonly name: string;
  readonly urn: string;
  readonly isProtected: boolean;
  /** Its properties in Azure; in a preview, only those that are known. */
  readonly properties: Readonly<Record<string, unknown>>;
  /**
   * Returns the resources whose outputs an input was made from. A program in another language than a component's sees
   * only the component, whose output may be that of any resource in it: then, all of them.
   */
  readonly madeFrom: (input: string) => readonly AzureResource[];
}

/** All resources of one stack. */
export type Deployment = readonly AzureResource[];

/**
 * Returns the type without its API version: `azure-native:network/v20240501:BastionHost` and
 * `azure-native:network:BastionHost` are the same. Version 2 of azure-native had diagnostic settings in `insights`.
 */
export function typeOf(token: string): string {
  const [, module, name] = /^azure-native(?:_\w+)?:([^:/]+)(?:\/v\w+)?:(\w+)$/.exec(token) ?? [];
  if (module === undefined || name === undefined) return token;
  return module === "insights" && name === "DiagnosticSetting" ? `monitor:${name}` : `${module}:${name}`;
}

export function deploymentOf(resources: readonly PolicyResource[]): Deployment {
  const byUrn = new Map<string, AzureResource>();
  const within = (resource: PolicyResource): readonly AzureResource[] => {
    const own = byUrn.get(resource.urn);
    return [...(own === undefined ? [] : [own]), ...(isComponent(resource) ? childrenOf(resource) : [])];
  };
  const childrenOf = ({ urn }: PolicyResource): readonly AzureResource[] =>
    resources.filter(({ parent }) => parent?.urn === urn).flatMap(within);
  for (const resource of resources) {
    byUrn.set(resource.urn, {
      type: typeOf(resource.type),
      name: resource.name,
      urn: resource.urn,
      isProtected: resource.opts.protect,
      properties: setProperties(resource),
      madeFrom: (input) => [...new Set((resource.propertyDependencies[input] ?? []).flatMap(within))],
    });
  }
  return [...byUrn.values()];
}

/** Every other resource has a provider. */
function isComponent({ provider }: PolicyResource): boolean {
  return provider === undefined;
}

/**
 * Removes properties that no input sets. In a preview, azure-native returns each of them as unknown; Azure has a
 * default for it, on which no policy may rely.
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
 * Whether an input refers to a resource: it was made from that resource's outputs, and the ARM id in it, once known,
 * has that resource's type and name.
 * @param id - the ARM id in the input, if the input contains one.
 */
export function leadsTo(from: AzureResource, input: string, target: AzureResource, id?: unknown): boolean {
  const isMadeFrom = from.madeFrom(input).includes(target);
  const parsed = parseResourceId(text(id) ?? "");
  const { name, type } = target.properties;
  if (parsed === undefined || text(name) === undefined || text(type) === undefined) return isMadeFrom;
  const isNamed =
    parsed.name.toLowerCase() === text(name)?.toLowerCase() && parsed.type.toLowerCase() === text(type)?.toLowerCase();
  // A literal id is made from no resource.
  return isNamed && (isMadeFrom || from.madeFrom(input).every((source) => source.type !== target.type));
}
