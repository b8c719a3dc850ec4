import type * as pulumi from "@pulumi/pulumi";
import { resourceProviders } from "@bastion-trail/core/rules/resourceProviders";
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

/** The resource providers of a deployment, and those of the pipelines' identities and of the secrets key. */
export const providerNamespaces = [...resourceProviders, "Microsoft.KeyVault", "Microsoft.ManagedIdentity"] as const;
export type ProviderNamespace = (typeof providerNamespaces)[number];
