/**
 * What a storage account for evidence must be. Pure rules; the resources are in hardenedStorageAccount.ts. Sources:
 * "Diagnostic settings in Azure Monitor", destination limitations (azure-monitor-docs, diagnostic-settings.md);
 * "Storage account overview" (azure-docs, storage-account-overview.md); "Azure Storage firewall rules"
 * (storage-network-security.md).
 */
import { isPublicIpv4, parseIpv4Range } from "@bastion-trail/core/rules/ipv4Range";
import { regionName } from "@bastion-trail/core/rules/region";
import { oneOfForm, type Problem } from "./problem.ts";
import { reservedPartFault } from "./reservedName.ts";

/**
 * How many copies of the data Azure keeps, and where. Only Standard: Azure Monitor does not write to Premium accounts
 * (diagnostic-settings.md).
 */
export const StorageReplication = {
  /** Three copies in one datacenter. */
  Lrs: "Standard_LRS",
  /** Three copies in three availability zones. */
  Zrs: "Standard_ZRS",
  /** LRS, and three copies in the paired region. */
  Grs: "Standard_GRS",
  /** GRS with read access to the paired region. */
  Ragrs: "Standard_RAGRS",
  /** ZRS, and three copies in the paired region. */
  Gzrs: "Standard_GZRS",
  /** GZRS with read access to the paired region. */
  Ragzrs: "Standard_RAGZRS",
} as const;
export type StorageReplication = (typeof StorageReplication)[keyof typeof StorageReplication];

/** The replication that every region offers. */
export const defaultReplication = StorageReplication.Lrs;

/** Length of the random part of an account's name: 36^8 names per prefix, because the name is global in Azure. */
export const nameSuffixLength = 8;
const longestName = 24;
export const longestNamePrefix = longestName - nameSuffixLength;

export function replicationProblems(replication: string): Problem[] {
  const allowed: readonly string[] = Object.values(StorageReplication);
  if (allowed.includes(replication)) return [];
  return [
    {
      key: "replication",
      value: replication,
      reason: replication.startsWith("Premium")
        ? `Azure Monitor does not write logs to Premium accounts; ${oneOfForm(replication, allowed)}`
        : oneOfForm(replication, allowed),
    },
  ];
}

/**
 * Returns the reason why a deployed account cannot get this replication, if any: an update never adds or removes zone
 * redundancy (redundancy-migration.md). Values that are not known yet are not compared.
 */
export function replicationChangeProblems(was: unknown, wanted: unknown): Problem[] {
  if (typeof was !== "string" || typeof wanted !== "string" || isZoneRedundant(was) === isZoneRedundant(wanted)) {
    return [];
  }
  return [
    {
      key: "replication",
      value: wanted,
      reason: `it was ${was}, and an update cannot ${isZoneRedundant(wanted) ? "add" : "remove"} zone redundancy; set it back, or convert the account in the Azure portal (Redundancy) and run pulumi refresh`,
    },
  ];
}

export function isZoneRedundant(replication: string): boolean {
  return replication.includes("ZRS");
}

export function namePrefixProblems(prefix: string): Problem[] {
  if (new RegExp(`^[a-z0-9]{1,${longestNamePrefix}}$`).test(prefix)) {
    const reserved = reservedPartFault(prefix);
    return reserved === undefined ? [] : [{ key: "accountNamePrefix", value: prefix, reason: reserved }];
  }
  return [
    {
      key: "accountNamePrefix",
      value: prefix,
      reason:
        `must be 1 to ${longestNamePrefix} lowercase letters and digits: a storage account name has at most ` +
        `${longestName} characters, and ${nameSuffixLength} of them are random`,
    },
  ];
}

/**
 * Returns the ranges that Azure refuses in a storage firewall: the private ones of RFC 1918 and everything else that is
 * not public.
 */
export function ipRangeProblems(ranges: readonly string[]): Problem[] {
  return ranges.flatMap((range) => {
    const reason = ipRangeFault(range);
    return reason === undefined ? [] : [{ key: "allowedIpRanges", value: range, reason }];
  });
}

function ipRangeFault(range: string): string | undefined {
  const form = "must be a public IPv4 address such as 203.0.113.7, or a range of /30 or larger such as 203.0.113.0/24";
  const parsed = parseIpv4Range(range.includes("/") ? range : `${range}/32`);
  // storage-network-security.md: "/31" and "/32" are refused; such addresses must be listed one by one.
  if (parsed === undefined || (range.includes("/") && parsed.length > 30)) return form;
  return isPublicIpv4(parsed) ? undefined : `${form}; a storage firewall accepts only public addresses`;
}

/** The properties that decide whether Azure Monitor can write to an existing account. */
export interface AccountInUse {
  readonly location: string;
  readonly kind: string;
  readonly sku: { readonly name: string };
  readonly isHnsEnabled?: boolean;
  readonly dnsEndpointType?: string;
  readonly networkRuleSet?:
    { readonly defaultAction?: string | undefined; readonly bypass?: string | undefined } | undefined;
}

/** Returns every reason why logs of a Bastion host in `bastionLocation` would not reach the account with this id. */
export function adoptedAccountProblems(id: string, account: AccountInUse, bastionLocation: string): Problem[] {
  const { defaultAction, bypass = "" } = account.networkRuleSet ?? {};
  const letsAzureIn = bypass.split(",").some((service) => service.trim() === "AzureServices");
  const faults: readonly (readonly [boolean, string])[] = [
    [
      regionName(account.location) !== regionName(bastionLocation),
      `the account is in ${account.location}; it must be in the region of the Bastion host, ${regionName(bastionLocation)}`,
    ],
    [
      account.sku.name.startsWith("Premium"),
      `its SKU is ${account.sku.name}; Azure Monitor does not write logs to Premium accounts`,
    ],
    [
      account.kind !== "StorageV2" && !account.sku.name.startsWith("Premium"),
      `its kind is ${account.kind}; it must be a general-purpose v2 account (StorageV2)`,
    ],
    [account.isHnsEnabled === true, "it has a hierarchical namespace, with which it cannot be the archive"],
    [
      account.dnsEndpointType === "AzureDnsZone",
      "it has DNS zone endpoints, to which Azure Monitor does not write logs",
    ],
    [
      defaultAction === "Deny" && !letsAzureIn,
      "its firewall must allow trusted Microsoft services (AzureServices), or no logs arrive",
    ],
  ];
  return faults.flatMap(([isFault, reason]) =>
    isFault ? [{ key: "existingStorageAccountId", value: id, reason }] : [],
  );
}
