/**
 * Which Azure Bastion SKU has which feature. Pure rules; the resources are in bastionHost.ts.
 * Sources: "Azure Bastion SKU comparison" (azure-docs, includes/bastion-sku.md), "Azure Bastion configuration settings"
 * (azure-docs, articles/bastion/configuration-settings.md), "Reliability in Azure Bastion".
 */
import { oneOfForm, type Problem } from "../shared/problem.ts";

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
  readonly scaleUnits?: number;
  readonly zones?: readonly string[];
  readonly nativeClient?: boolean;
  readonly ipConnect?: boolean;
  readonly shareableLink?: boolean;
  readonly fileCopy?: boolean;
  readonly disableCopyPaste?: boolean;
  readonly kerberos?: boolean;
  readonly privateOnly?: boolean;
  readonly sessionRecording?: boolean;
  /** Whether the audit logs of the host are collected. */
  readonly audited?: boolean;
}

/** Instances of a host whose SKU lets one choose; Basic has the fewest (bastion-sku-comparison.md). */
export const scaleUnitRange = { from: 2, to: 50 } as const;

/** Availability zones of a region, as Azure numbers them for a subscription. */
export const availabilityZones: readonly string[] = ["1", "2", "3"];

/** A feature that is on or off. */
export type BastionFlag = Exclude<
  {
    [K in keyof BastionFeatures]-?: boolean extends NonNullable<BastionFeatures[K]> ? K : never;
  }[keyof BastionFeatures],
  "audited"
>;

/** A feature: the argument, Azure's property, what messages call it, and the smallest SKU that has it. */
type Feature = readonly [argument: BastionFlag, property: string, name: string, smallest: BastionSku];

/** One row a feature (bastion-sku-comparison.md; Kerberos: bastion-sku.md). */
const features: readonly Feature[] = [
  ["kerberos", "enableKerberos", "Kerberos", BastionSku.Basic],
  ["nativeClient", "enableTunneling", "the native client (tunneling)", BastionSku.Standard],
  ["ipConnect", "enableIpConnect", "IP connect", BastionSku.Standard],
  ["shareableLink", "enableShareableLink", "the shareable link", BastionSku.Standard],
  ["fileCopy", "enableFileCopy", "file copy", BastionSku.Standard],
  ["disableCopyPaste", "disableCopyPaste", "switching copy and paste off", BastionSku.Standard],
  ["privateOnly", "enablePrivateOnlyBastion", "private-only", BastionSku.Premium],
  ["sessionRecording", "enableSessionRecording", "session recording", BastionSku.Premium],
];

/** Every reason for which Azure would refuse the combination, or for which it could not work. */
export function bastionSkuProblems(request: BastionFeatures): Problem[] {
  // A component may be called from JavaScript or another language, where the type does not hold.
  if (!bastionSkusAscending.includes(request.sku)) {
    return [{ key: "sku", value: request.sku, reason: oneOfForm(request.sku, bastionSkusAscending) }];
  }
  return [
    ...featureProblems(request),
    ...scaleUnitProblems(request),
    ...zoneProblems(request),
    ...recordingProblems(request),
    ...auditProblems(request),
  ];
}

/** The features that a SKU has: each argument with Azure's property. */
export function bastionFlagsOf(sku: BastionSku): { argument: BastionFlag; property: string }[] {
  return features
    .filter(([, , , smallest]) => bastionSkusAscending.indexOf(sku) >= bastionSkusAscending.indexOf(smallest))
    .map(([argument, property]) => ({ argument, property }));
}

/** SKUs that have a feature, as "Standard or Premium". */
export function skusWith(flag: BastionFlag): string {
  return features
    .filter(([argument]) => argument === flag)
    .map(([, , , smallest]) => skusFrom(smallest))
    .join("");
}

/** SKUs that have everything a given SKU has, as "Standard or Premium". */
export function skusFrom(smallest: BastionSku): string {
  const skus = bastionSkusAscending.slice(bastionSkusAscending.indexOf(smallest));
  return [skus.slice(0, -1).join(", "), skus.at(-1)].filter((part) => part !== "").join(" or ");
}

function featureProblems(request: BastionFeatures): Problem[] {
  const rank = bastionSkusAscending.indexOf(request.sku);
  return features
    .filter(([key, , , smallest]) => request[key] === true && rank < bastionSkusAscending.indexOf(smallest))
    .map(([key, , name, smallest]) => ({
      key,
      value: true,
      reason: `${name} requires SKU ${skusFrom(smallest)}, not ${request.sku}`,
    }));
}

/** Basic has two instances, Standard and Premium 2 to 50, Developer none of its own (bastion-sku-comparison.md). */
function scaleUnitProblems({ sku, scaleUnits }: BastionFeatures): Problem[] {
  if (scaleUnits === undefined) {
    return [];
  }
  const key = "scaleUnits";
  const { from, to } = scaleUnitRange;
  if (sku === BastionSku.Developer) {
    return [{ key, value: scaleUnits, reason: "the Developer SKU has no scale units; remove it" }];
  }
  if (sku === BastionSku.Basic) {
    return scaleUnits === from
      ? []
      : [
          {
            key,
            value: scaleUnits,
            reason: `the Basic SKU has exactly ${from}; more require SKU ${skusFrom(BastionSku.Standard)}`,
          },
        ];
  }
  return Number.isInteger(scaleUnits) && scaleUnits >= from && scaleUnits <= to
    ? []
    : [{ key, value: scaleUnits, reason: `must be a whole number from ${from} to ${to} with the ${sku} SKU` }];
}

/** Zones need Basic, Standard or Premium (azure-docs, reliability-bastion.md). */
function zoneProblems({ sku, zones }: BastionFeatures): Problem[] {
  if (zones === undefined || zones.length === 0) {
    return [];
  }
  const key = "zones";
  const known = zones.every((zone) => availabilityZones.includes(zone));
  return [
    ...(sku === BastionSku.Developer
      ? [{ key, value: zones, reason: `availability zones require SKU ${skusFrom(BastionSku.Basic)}, not Developer` }]
      : []),
    ...(known
      ? []
      : [{ key, value: zones, reason: `must be any of ${availabilityZones.map((zone) => `"${zone}"`).join(", ")}` }]),
    ...(new Set(zones).size === zones.length ? [] : [{ key, value: zones, reason: "each zone can appear only once" }]),
  ];
}

/** Sessions of the native client are not recorded (azure-docs, session-recording.md), so Azure allows only one of the two. */
function recordingProblems({ sessionRecording, nativeClient }: BastionFeatures): Problem[] {
  return sessionRecording === true && nativeClient === true
    ? [
        {
          key: "nativeClient",
          value: true,
          reason: "not allowed with sessionRecording: native client sessions cannot be recorded",
        },
      ]
    : [];
}

/** Found on live hosts by Azure Network Security (Azure/Azure-Network-Security, pull request 548). */
function auditProblems({ sku, audited }: BastionFeatures): Problem[] {
  return audited === true && sku === BastionSku.Developer
    ? [
        {
          key: "sku",
          value: sku,
          reason: `the Developer SKU emits no audit logs; auditing requires SKU ${skusFrom(BastionSku.Basic)}`,
        },
      ]
    : [];
}
