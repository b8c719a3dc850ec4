/** The rights that a bootstrap assigns, and to whom. */
import type { builtInRoles } from "./builtInRoles.ts";
import type { roles } from "./index.ts";

/** The identities of the pipelines, groups of people, and the identity that last ran the bootstrap. */
export type Recipient = "reader" | "auditor" | "deployer" | "caller" | "operators" | "requesters" | "analysts";

export interface Grant {
  readonly to: Recipient;
  /** Purpose of the grant; together with the recipient, the name of the assignment in the program. */
  readonly name: string;
  /** A built-in role or a custom one. */
  readonly role: keyof typeof builtInRoles | keyof typeof roles;
  readonly on: "subscription" | "state" | "key";
  /** Limits which of the role's rights are given. Defaults to all of them. */
  readonly condition?: "onlyBlobWriters" | "onlyLogContainers";
}

/** docs/bootstrap.md explains each of them. */
export const grants: readonly Grant[] = [
  { to: "reader", name: "reads", role: "reader", on: "subscription" },
  { to: "reader", name: "reads-state", role: "storageBlobDataReader", on: "state" },
  { to: "reader", name: "uses-key", role: "keyVaultCryptoUser", on: "key" },
  { to: "auditor", name: "reads", role: "reader", on: "subscription" },
  { to: "auditor", name: "reads-state", role: "storageBlobDataReader", on: "state" },
  { to: "auditor", name: "uses-key", role: "keyVaultCryptoUser", on: "key" },
  { to: "auditor", name: "diagnoses", role: "doctor", on: "subscription" },
  { to: "auditor", name: "queries", role: "logAnalyticsReader", on: "subscription" },
  {
    to: "auditor",
    name: "reads-logs",
    role: "storageBlobDataReader",
    on: "subscription",
    condition: "onlyLogContainers",
  },
  { to: "deployer", name: "deploys", role: "deployer", on: "subscription", condition: "onlyBlobWriters" },
  { to: "deployer", name: "writes-state", role: "storageBlobDataContributor", on: "state" },
  { to: "deployer", name: "uses-key", role: "keyVaultCryptoUser", on: "key" },
  // Owner of a subscription includes no right on data, and the bootstrap's own state moves to the backend.
  { to: "caller", name: "writes-state", role: "storageBlobDataContributor", on: "state" },
  { to: "caller", name: "uses-key", role: "keyVaultCryptoUser", on: "key" },
  { to: "operators", name: "operate", role: "operator", on: "subscription" },
  { to: "operators", name: "diagnose", role: "doctor", on: "subscription" },
  { to: "requesters", name: "request", role: "requester", on: "subscription" },
  { to: "analysts", name: "query", role: "logAnalyticsReader", on: "subscription" },
  {
    to: "analysts",
    name: "read-logs",
    role: "storageBlobDataReader",
    on: "subscription",
    condition: "onlyLogContainers",
  },
];
