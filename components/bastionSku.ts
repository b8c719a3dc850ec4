/**
 * Which Azure Bastion SKU has which feature. Pure rules; the resources are in bastionHost.ts.
 * Sources: "Azure Bastion SKU comparison" (azure-docs, includes/bastion-sku.md), "Azure Bastion configuration settings"
 * (azure-docs, articles/bastion/configuration-settings.md), "Reliability in Azure Bastion".
 */
import type { Problem } from "./validate.ts";

/** Azure Bastion SKUs, from the smallest to the largest. */
export const BastionSku = {
  /** One VM at a time, shared infrastructure, no subnet, no public IP address, no peering, no audit logs. */
  Developer: "Developer",
  /** Two fixed scale units, peering, Kerberos. */
  Basic: "Basic",
  /** 2-50 scale units, native client, IP connect, shareable link, file copy, copy and paste off. */
  Standard: "Standard",
  /** Everything of Standard, session recording, private-only. */
  Premium: "Premium",
} as const;
export type BastionSku = (typeof BastionSku)[keyof typeof BastionSku];

/** SKUs in ascending order: a later one can be upgraded to, an earlier one can never be gone back to. */
export const bastionSkusAscending: readonly BastionSku[] = Object.values(BastionSku);

/** What a user asks of one Bastion host, as far as its SKU decides it. */
export interface BastionFeatures {
  readonly sku: BastionSku;
  readonly scaleUnits?: number | undefined;
  readonly zones?: readonly string[] | undefined;
  readonly enableTunneling?: boolean | undefined;
  readonly enableIpConnect?: boolean | undefined;
  readonly enableShareableLink?: boolean | undefined;
  readonly enableFileCopy?: boolean | undefined;
  readonly disableCopyPaste?: boolean | undefined;
  readonly enableKerberos?: boolean | undefined;
  readonly enablePrivateOnlyBastion?: boolean | undefined;
  readonly enableSessionRecording?: boolean | undefined;
  /** Whether the audit logs of the host are collected. */
  readonly audited?: boolean | undefined;
}

/** Every reason for which Azure would refuse the combination, or for which it could not work. */
export function bastionSkuProblems(features: BastionFeatures): Problem[] {
  return [];
}
