import * as proxy from "@pulumi/policy/proxy.js";
import type { PolicyResource, StackValidationArgs, ResourceValidationArgs } from "@pulumi/policy";
import { onResources, onStack, type ResourcePolicy, type StackPolicy } from "../../policies/policy.ts";

/** What Pulumi hands to policies: internal to its package, so not among its types. */
const { unknownCheckingProxy, unknownStringValue } = proxy as unknown as {
  readonly unknownCheckingProxy: (inputs: object) => Record<string, unknown>;
  readonly unknownStringValue: string;
};

/** What stands in a preview where a value is not known. */
export const unknown = unknownStringValue;

/** A resource of a stack: its type below azure-native, its Pulumi name, its properties, and what its inputs were made from. */
export interface Part {
  readonly type: string;
  readonly name: string;
  readonly props?: Record<string, unknown>;
  readonly from?: Record<string, string[]>;
  readonly protect?: boolean;
  /** Name of the component that it is in. */
  readonly parent?: string;
}

/** What a policy says of a stack, each violation as `NAME: message`. */
export function judge<Config extends object>(
  policy: StackPolicy<Config>,
  parts: readonly Part[],
  config: Partial<Config> = {},
): string[] {
  const resources = parts.map(resourceOf);
  for (const [index, { parent }] of parts.entries()) {
    if (parent !== undefined) resources[index]!.parent = resources.find(({ name }) => name === parent)!;
  }
  for (const [index, { from = {}, props = {} }] of parts.entries()) {
    for (const key of new Set([...Object.keys(props), ...Object.keys(from)])) {
      if (props[key] === unknown && from[key] === undefined) continue;
      resources[index]!.propertyDependencies[key] = (from[key] ?? []).map((name) =>
        resources.find((resource) => resource.name === name)!,
      );
    }
  }
  const said: string[] = [];
  const args = { resources, getConfig: () => ({ ...defaultsOf(policy), ...config }) } as unknown as StackValidationArgs;
  void onStack(policy).validateStack(args, (message, urn) => {
    said.push(`${urn?.split("::").at(-1) ?? "the stack"}: ${message}`);
  });
  return said;
}

/** What a policy says of one resource's inputs. */
export function judgeInputs<Config extends object>(
  policy: ResourcePolicy<Config>,
  { type, name, props = {} }: Part,
  config: Partial<Config> = {},
): string[] {
  const said: string[] = [];
  const { validateResource } = onResources(policy);
  const args = {
    type: `azure-native:${type}`,
    name,
    props: unknownCheckingProxy(props),
    getConfig: () => ({ ...defaultsOf(policy), ...config }),
  } as unknown as ResourceValidationArgs;
  if (typeof validateResource !== "function") throw new Error("A policy has one function.");
  void validateResource(args, (message) => said.push(message));
  return said;
}

function resourceOf({ type, name, props = {}, protect = false }: Part): PolicyResource {
  const token = type.includes("::") ? type.replace("::", ":") : `azure-native:${type}`;
  return {
    type: token,
    name,
    urn: `urn:pulumi:dev::trail::${token}::${name}`,
    props: unknownCheckingProxy(props),
    opts: { protect, ignoreChanges: [], aliases: [], customTimeouts: {}, additionalSecretOutputs: [] },
    dependencies: [],
    propertyDependencies: {},
    ...(token.startsWith("azure-native:") && { provider: {} }),
  } as unknown as PolicyResource;
}

function defaultsOf({ config = {} }: { readonly config?: Record<string, { default?: unknown }> }) {
  return Object.fromEntries(Object.entries(config).map(([key, { default: value }]) => [key, value]));
}

/** A Bastion host whose audit logs go to a workspace and an account, as plain azure-native resources. */
export const audited: readonly Part[] = [
  {
    type: "network:Subnet",
    name: "bastion-subnet",
    props: { name: "AzureBastionSubnet", addressPrefix: "10.60.0.0/26" },
  },
  {
    type: "network:BastionHost",
    name: "host",
    props: {
      name: "bas",
      type: "Microsoft.Network/bastionHosts",
      location: "westeurope",
      sku: { name: "Standard" },
      dnsName: "bst-1.bastion.azure.com",
    },
    from: { ipConfigurations: ["bastion-subnet"] },
  },
  {
    type: "storage:StorageAccount",
    name: "account",
    props: {
      name: "logs1",
      type: "Microsoft.Storage/storageAccounts",
      location: "westeurope",
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      minimumTlsVersion: "TLS1_2",
    },
  },
  {
    type: "operationalinsights:Workspace",
    name: "workspace",
    props: { name: "logs", type: "Microsoft.OperationalInsights/workspaces" },
  },
  {
    type: "monitor:DiagnosticSetting",
    name: "setting",
    props: {
      logs: [{ category: "BastionAuditLogs", enabled: true }],
      workspaceId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/logs",
      storageAccountId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/logs1",
    },
    from: { resourceUri: ["host"], storageAccountId: ["account"], workspaceId: ["workspace"] },
  },
];

/** The same stack with some properties of one resource replaced. */
export function changed(parts: readonly Part[], name: string, props: Record<string, unknown>): Part[] {
  return parts.map((part) => (part.name === name ? { ...part, props: { ...part.props, ...props } } : part));
}

/** The same stack without a resource. */
export function without(parts: readonly Part[], name: string): Part[] {
  return parts.filter((part) => part.name !== name);
}

/**
 * The same stack, made by components that are called from another language: what is made from a resource in one of them
 * is made from that component.
 * @param components - the resources in each.
 */
export function inComponents(parts: readonly Part[], components: Readonly<Record<string, readonly string[]>>): Part[] {
  const componentOf = (name: string) =>
    Object.entries(components).find(([, within]) => within.includes(name))?.[0] ?? name;
  const outside = Object.keys(components).map((name): Part => ({ type: "test::index:Component", name }));
  const inside = parts.map((part) => {
    const from = Object.entries(part.from ?? {}).map(([key, names]) => [key, names.map(componentOf)] as const);
    const parent = componentOf(part.name);
    return { ...part, from: Object.fromEntries(from), ...(parent !== part.name && { parent }) };
  });
  return [...outside, ...inside];
}

/** The components of {@link audited}, as this project's own divide it. */
export const components = {
  network: ["bastion-subnet", "vm-subnet"],
  bastion: ["host"],
  archive: ["account"],
  workspaces: ["workspace"],
  sessions: ["setting"],
};
