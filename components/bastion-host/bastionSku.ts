/**
 * Which Azure Bastion SKU has which features. Pure rules; the resources are in createdHost.ts. Sources: "Azure Bastion
 * SKU comparison" (azure-docs, includes/bastion-sku.md), "Azure Bastion configuration settings" (azure-docs,
 * articles/bastion/configuration-settings.md), "Reliability in Azure Bastion".
 */
import { availabilityZones, quotedZones } from "../shared/availabilityZones.ts";
import { isWholeNumberWithin, oneOfForm, type Problem } from "../shared/problem.ts";

/** Azure Bastion SKUs, from smallest to largest. */
export const BastionSku = {
  /** One VM at a time, shared infrastructure, no subnet, no public IP address, no peering, no audit logs. */
  Developer: "Developer",
  /** Exactly two scale units, peering, Kerberos. */
  Basic: "Basic",
  /** 2 to 50 scale units, native client, IP connect, shareable links, file copy, copy and paste can be disabled. */
  Standard: "Standard",
  /** All features of Standard, session recording, private-only. */
  Premium: "Premium",
} as const;
export type BastionSku = (typeof BastionSku)[keyof typeof BastionSku];

/** SKUs in ascending order. A host can be upgraded to a later one, but never downgraded to an earlier one. */
export const bastionSkusAscending: readonly BastionSku[] = Object.values(BastionSku);

/** The settings of one Bastion host that depend on its SKU. */
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

/** Instances of a host whose SKU lets users choose; Basic has the minimum (bastion-sku-comparison.md). */
export const scaleUnitRange = { from: 2, to: 50 } as const;

/** A feature that can be on or off. */
export type BastionFlag = Exclude<
  {
    [K in keyof BastionFeatures]-?: boolean extends NonNullable<BastionFeatures[K]> ? K : never;
  }[keyof BastionFeatures],
  "audited"
>;

/** A feature: the argument, Azure's property, its name in messages, and the smallest SKU that has it. */
type Feature = readonly [argument: BastionFlag, property: string, name: string, smallest: BastionSku];

/** One row per feature (bastion-sku-comparison.md; Kerberos: bastion-sku.md). */
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

/** Returns every reason why Azure would refuse the combination, or why it could not work. */
export function bastionSkuProblems(request: BastionFeatures): Problem[] {
  // The type does not hold for callers in JavaScript or other languages.
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

/** Returns the features of a SKU: each argument with Azure's property. */
export function bastionFlagsOf(sku: BastionSku): { argument: BastionFlag; property: string }[] {
  return features
    .filter(([, , , smallest]) => bastionSkusAscending.indexOf(sku) >= bastionSkusAscending.indexOf(smallest))
    .map(([argument, property]) => ({ argument, property }));
}

/** Returns the SKUs that have a feature, such as "Standard or Premium". */
export function skusWith(flag: BastionFlag): string {
  return features
    .filter(([argument]) => argument === flag)
    .map(([, , , smallest]) => skusFrom(smallest))
    .join("");
}

/** Returns the SKUs that have all features of the given SKU, such as "Standard or Premium". */
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

/**
 * Basic has exactly two instances, Standard and Premium 2 to 50, Developer none of its own (bastion-sku-comparison.md).
 */
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
  return isWholeNumberWithin(scaleUnits, from, to)
    ? []
    : [{ key, value: scaleUnits, reason: `must be a whole number from ${from} to ${to} with the ${sku} SKU` }];
}

/** Zones require Basic, Standard or Premium (azure-docs, reliability-bastion.md). */
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
    ...(known ? [] : [{ key, value: zones, reason: `must be any of ${quotedZones}` }]),
    ...(new Set(zones).size === zones.length ? [] : [{ key, value: zones, reason: "each zone can appear only once" }]),
  ];
}

/**
 * Sessions of native clients are not recorded (azure-docs, session-recording.md), so Azure allows only one of the two.
 */
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

/** Observed on live hosts by Azure Network Security (Azure/Azure-Network-Security, pull request 548). */
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
