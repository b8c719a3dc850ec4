import type * as pulumi from "@pulumi/pulumi";
import type { Names } from "./names.ts";

/** Where the program creates resources, under which names, and what they depend on. */
export interface Place {
  readonly names: Names;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly location: string;
  /** Name of the resource group, known once the group exists. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** The registration of each resource provider by namespace. */
  readonly registered: Readonly<Record<ProviderNamespace, pulumi.Resource>>;
}

/**
 * Resource providers that a deployment uses; a new subscription has not registered them
 * (resource-providers-and-types.md).
 */
export const providerNamespaces = [
  "Microsoft.Compute",
  "Microsoft.Insights",
  "Microsoft.KeyVault",
  "Microsoft.ManagedIdentity",
  "Microsoft.Network",
  "Microsoft.OperationalInsights",
  "Microsoft.Security",
  "Microsoft.Storage",
] as const;
export type ProviderNamespace = (typeof providerNamespaces)[number];
