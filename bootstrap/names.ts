import { createHash } from "node:crypto";

/** What everything is called. */
export interface Names {
  /** Told apart from others in Azure and in the Entra tenant: the prefix and a hash. */
  readonly unique: string;
  readonly resourceGroup: string;
  readonly storageAccount: string;
  readonly vault: string;
  readonly reader: string;
  readonly auditor: string;
  readonly deployer: string;
}

/** Characters of the hash: 36^7 of them, and a vault's name has room for no more. */
const hashLength = 7;

/**
 * Names that follow from where the bootstrap is alone. So a second run finds what the first has left: a vault that was deleted keeps its
 * name for months, and only what is called the same recovers it. Names of accounts, vaults and roles have a hash, because
 * they are unique in Azure or in the tenant.
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
