import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";
import * as storage from "@pulumi/azure-native/types/enums/storage/index.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomString } from "@pulumi/random/randomString.js";
import type { Placement } from "./placement.ts";
import { nameSuffixLength, replicationChangeProblems } from "./storageRules.ts";
import { type HookInputs, membersOf } from "./hookInputs.ts";
import { refuseUpdates } from "./updateHook.ts";
import type { Problem } from "./validate.ts";

/** The settings of a hardened account, without its name. */
export interface AccountSettings extends Placement {
  /** Owner of the account, for messages. */
  readonly subject: string;
  readonly replication: pulumi.Input<string>;
  readonly allowSharedKeyAccess: pulumi.Input<boolean>;
  /** Public IPv4 addresses and ranges that can reach the data. Empty: any address can, with a valid token. */
  readonly allowedIpRanges: pulumi.Input<readonly string[]>;
}

export interface HardenedStorageAccountArgs extends AccountSettings {
  /** Prefix of the account's name; see `namePrefixProblems`. */
  readonly namePrefix: pulumi.Input<string>;
}

/** Creates a hardened account with a unique name; see {@link createNamedAccount}. */
export function createHardenedAccount(
  name: string,
  { namePrefix, ...settings }: HardenedStorageAccountArgs,
  opts: pulumi.CustomResourceOptions,
): StorageAccount {
  // The name of a storage account is global in Azure, so a readable name alone would soon be taken.
  const suffix = new RandomString(`${name}-suffix`, { length: nameSuffixLength, upper: false, special: false }, opts);
  return createNamedAccount(name, pulumi.interpolate`${namePrefix}${suffix.result}`, settings, opts);
}

/**
 * Creates a general-purpose v2 account that is suitable for evidence: only HTTPS with TLS 1.2 or later, no anonymous
 * access, no replication to other tenants, double encryption, Entra ID by default, and open to Azure's trusted
 * services, through which Azure Monitor writes.
 */
export function createNamedAccount(
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
      // Both can only be chosen at creation, and Azure Monitor does not write to an account with the other choice.
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
    pulumi.mergeOptions(opts, {
      hooks: { beforeUpdate: [refuseUpdates(args.subject, "account-update", accountUpdateProblems)] },
    }),
  );
}

/** Compares the inputs of a `StorageAccount` and returns every change that Azure refuses. */
function accountUpdateProblems(before: HookInputs, after: HookInputs): Problem[] {
  return replicationChangeProblems(replicationIn(before), replicationIn(after));
}

function replicationIn({ sku }: HookInputs): unknown {
  return membersOf(sku).name;
}

/**
 * Without any range the network is open and only identity decides, so that links to the archive work for anybody with
 * the right to read it. Trusted services have access in both cases (storage-network-security.md, "trusted Microsoft
 * services").
 */
function networkRules(allowedIpRanges: readonly string[]) {
  return {
    bypass: storage.Bypass.AzureServices,
    defaultAction: allowedIpRanges.length === 0 ? storage.DefaultAction.Allow : storage.DefaultAction.Deny,
    ipRules: allowedIpRanges.map((iPAddressOrRange) => ({ iPAddressOrRange, action: storage.Action.Allow })),
    // Azure returns the empty list, which azure-native reports as drift if the other rules are its default.
    virtualNetworkRules: [],
  };
}
