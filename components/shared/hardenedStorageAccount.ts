import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";
import * as storage from "@pulumi/azure-native/types/enums/storage/index.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomString } from "@pulumi/random/randomString.js";
import { nameSuffixLength } from "./storageRules.ts";

/** What a hardened account is made from, beside its name. */
export interface AccountSettings {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly replication: pulumi.Input<string>;
  readonly allowSharedKeyAccess: pulumi.Input<boolean>;
  /** Public IPv4 addresses and ranges that may reach the data. Empty: any address may, with a valid token. */
  readonly allowedIpRanges: pulumi.Input<readonly string[]>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

export interface HardenedStorageAccountArgs extends AccountSettings {
  /** The name starts with this; see `namePrefixProblems`. */
  readonly namePrefix: pulumi.Input<string>;
}

/** A hardened account with a name of its own: see {@link storageAccountNamed}. */
export function hardenedStorageAccount(
  name: string,
  { namePrefix, ...settings }: HardenedStorageAccountArgs,
  opts: pulumi.CustomResourceOptions,
): StorageAccount {
  // A storage account's name is global in Azure, so a readable one alone would soon be somebody else's.
  const suffix = new RandomString(`${name}-suffix`, { length: nameSuffixLength, upper: false, special: false }, opts);
  return storageAccountNamed(name, pulumi.interpolate`${namePrefix}${suffix.result}`, settings, opts);
}

/**
 * A general-purpose v2 account that is fit for evidence: TLS 1.2 or later over HTTPS alone, no anonymous access, no copies
 * to other tenants, encrypted twice, Entra ID first, and open to Azure's trusted services, through which Azure Monitor writes.
 */
export function storageAccountNamed(
  name: string,
  accountName: pulumi.Input<string>,
  args: AccountSettings,
  opts: pulumi.CustomResourceOptions,
): StorageAccount {
  return new StorageAccount(
    name,
    {
      resourceGroupName: args.resourceGroupName,
      accountName,
      location: args.location,
      kind: storage.Kind.StorageV2,
      sku: { name: args.replication },
      accessTier: storage.AccessTier.Hot,
      minimumTlsVersion: storage.MinimumTlsVersion.TLS1_2,
      enableHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      allowSharedKeyAccess: args.allowSharedKeyAccess,
      defaultToOAuthAuthentication: true,
      // Both can only be chosen at creation, and Azure Monitor writes to neither of the other choices.
      isHnsEnabled: false,
      dnsEndpointType: storage.DnsEndpointType.Standard,
      networkRuleSet: pulumi.output(args.allowedIpRanges).apply(networkRules),
      encryption: {
        keySource: storage.KeySource.Microsoft_Storage,
        requireInfrastructureEncryption: true,
        services: {
          blob: { enabled: true, keyType: storage.KeyType.Account },
          file: { enabled: true, keyType: storage.KeyType.Account },
        },
      },
      tags: args.tags,
    },
    opts,
  );
}

/**
 * With no range given the network is open and identity alone decides, so that the links to the archive work for whoever has
 * the right to read it. Trusted services pass either way (storage-network-security.md, "trusted Microsoft services").
 */
function networkRules(allowedIpRanges: readonly string[]) {
  return {
    bypass: storage.Bypass.AzureServices,
    defaultAction: allowedIpRanges.length === 0 ? storage.DefaultAction.Allow : storage.DefaultAction.Deny,
    ipRules: allowedIpRanges.map((iPAddressOrRange) => ({ iPAddressOrRange, action: storage.Action.Allow })),
    // Azure shows the empty list, and azure-native then takes it for drift where the rules are otherwise its default.
    virtualNetworkRules: [],
  };
}
