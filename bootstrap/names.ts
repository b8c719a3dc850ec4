import { createHash } from "node:crypto";

/** Names of all resources. */
export interface Names {
  /** The prefix and a hash: unique in Azure and in the Entra tenant. */
  readonly unique: string;
  readonly resourceGroup: string;
  readonly storageAccount: string;
  readonly vault: string;
  readonly reader: string;
  readonly auditor: string;
  readonly deployer: string;
}

/** Length of the hash: 36^7 values. The name of a vault has no room for more. */
const hashLength = 7;

/**
 * Derives all names from the place of the bootstrap alone, so that a second run finds what the first one left: a
 * deleted vault keeps its name for months, and can only be recovered under that name. Names of accounts, vaults and
 * roles include a hash because they must be unique in Azure or in the tenant.
 */
export function namesOf(where: { subscriptionId: string; location: string; namePrefix: string }): Names {
  const { namePrefix, subscriptionId, location } = where;
  const digest = createHash("sha256")
    .update([subscriptionId.toLowerCase(), location, namePrefix].join("\n"))
    .digest("hex");
  const hash = BigInt(`0x${digest}`).toString(36).slice(-hashLength);
  const unique = `${namePrefix}-${hash}`;
  return {
    unique,
    resourceGroup: namePrefix,
    storageAccount: unique.replaceAll("-", ""),
    vault: unique,
    reader: `${namePrefix}-reader`,
    auditor: `${namePrefix}-auditor`,
    deployer: `${namePrefix}-deployer`,
  };
}
