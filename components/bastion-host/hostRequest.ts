/** Which settings of a Bastion host are valid, and which contradict each other. Pure rules for bastionHost.ts. */
import { adoptedSettingProblems } from "../shared/adoptedSettings.ts";
import { idProblems } from "../shared/armId.ts";
import { type BastionFeatures, BastionSku, bastionSkuProblems, bastionSkusAscending, skusFrom } from "./bastionSku.ts";
import { networkNameProblems } from "../bastion-network/networkName.ts";
import { bastionSubnetNameProblems } from "../bastion-network/subnetPlan.ts";
import type { ArgumentRules } from "../shared/argumentForms.ts";
import type { Problem } from "../shared/validate.ts";

/** Arguments of a host. For a value that is not known yet, only its presence matters. */
export type GivenArgs = Readonly<Record<string, unknown>>;

/** Settings that a user can choose for a created host. */
const hostSettings = [
  "bastionHostName",
  "sku",
  "scaleUnits",
  "zones",
  "nativeClient",
  "ipConnect",
  "shareableLink",
  "fileCopy",
  "disableCopyPaste",
  "kerberos",
  "privateOnly",
  "sessionRecording",
  "recordingContainerUrl",
  "existingPublicIpAddressId",
] as const;

/** Settings of a host to create that must fit together. */
export interface HostRequest extends BastionFeatures {
  readonly bastionHostName: string;
}

/** Returns every problem of a host to create. */
export function hostRequestProblems(request: HostRequest, given: GivenArgs): Problem[] {
  return [...knownHostProblems(request, given), ...recordingContainerProblems(request, given)];
}

/** Returns the problems that can be told although some settings, except the SKU, are not known yet. */
export function knownHostProblems(request: BastionFeatures & Partial<HostRequest>, given: GivenArgs): Problem[] {
  const { bastionHostName } = request;
  return [
    ...(bastionHostName === undefined ? [] : hostNameProblems(bastionHostName)),
    ...bastionSkuProblems(request),
    ...placeProblems(request, given),
    ...publicIpProblems(request, given),
  ];
}

/** Suffix that makes a host's name the name of its public IP address. */
export const publicIpSuffix = "-pip";

export function hostNameProblems(name: string): Problem[] {
  return networkNameProblems("bastionHostName", name, 80 - publicIpSuffix.length);
}

/** Returns every setting that has no effect on an adopted host. */
export function adoptedHostProblems(given: GivenArgs): Problem[] {
  const settings = Object.fromEntries(hostSettings.map((key) => [key, given[key]]));
  return adoptedSettingProblems("host", "existingBastionHostId", settings);
}

/** Returns the reason why an adopted host cannot be audited, if any. */
export function adoptedSkuProblems(id: string, sku: string | undefined, audited: boolean): Problem[] {
  return audited && sku === BastionSku.Developer
    ? [
        {
          key: "existingBastionHostId",
          value: id,
          reason: `the host has the Developer SKU, which emits no audit logs; auditing requires SKU ${skusFrom(BastionSku.Basic)}`,
        },
      ]
    : [];
}

/**
 * A Developer host is attached to a virtual network; every other SKU is in `AzureBastionSubnet`
 * (bastion-sku-comparison.md). An unknown SKU has another problem.
 */
function placeProblems({ sku }: BastionFeatures, given: GivenArgs): Problem[] {
  if (!bastionSkusAscending.includes(sku)) return [];
  const [needed, unused] =
    sku === BastionSku.Developer
      ? (["virtualNetworkId", "bastionSubnetId"] as const)
      : (["bastionSubnetId", "virtualNetworkId"] as const);
  return [
    ...(given[needed] === undefined ? [{ key: needed, value: undefined, reason: `required with the ${sku} SKU` }] : []),
    ...(given[unused] === undefined
      ? []
      : [{ key: unused, value: given[unused], reason: `not used by the ${sku} SKU; set only ${needed}` }]),
  ];
}

function publicIpProblems({ sku, privateOnly }: BastionFeatures, given: GivenArgs): Problem[] {
  const key = "existingPublicIpAddressId";
  if (given[key] === undefined) {
    return [];
  }
  return [
    ...(sku === BastionSku.Developer
      ? [{ key, value: given[key], reason: "the Developer SKU has no public IP address" }]
      : []),
    ...(privateOnly === true
      ? [{ key, value: given[key], reason: "a private-only host has no public IP address; remove one of the two" }]
      : []),
  ];
}

/** A recording host without a container refuses every session ("Cannot connect to session without valid SAS URL"). */
function recordingContainerProblems({ sessionRecording }: BastionFeatures, given: GivenArgs): Problem[] {
  const key = "recordingContainerUrl";
  const hasContainer = given[key] !== undefined;
  if (sessionRecording === true && !hasContainer) {
    return [
      {
        key,
        value: undefined,
        reason: "required with sessionRecording: a host without a container for its recordings refuses every session",
      },
    ];
  }
  return hasContainer && sessionRecording !== true
    ? [
        {
          key,
          value: given[key],
          reason: "has no effect without sessionRecording",
        },
      ]
    : [];
}

/** What the ids and addresses that a host refers to must be. */
export const hostReferences: ArgumentRules = {
  bastionSubnetId: (key, id) => [
    ...idProblems(key, id, "Microsoft.Network/virtualNetworks/subnets"),
    ...bastionSubnetNameProblems(key, id),
  ],
  virtualNetworkId: (key, id) => idProblems(key, id, "Microsoft.Network/virtualNetworks"),
  existingPublicIpAddressId: (key, id) => idProblems(key, id, "Microsoft.Network/publicIPAddresses"),
  // An emulator's address has a port, and the account in its path (azure-docs, storage-use-azurite.md).
  recordingContainerUrl: (key, url) =>
    /^https:\/\/[^/?#:]+(?::\d+\/[a-z0-9]+)?\/[a-z0-9-]+$/.test(url)
      ? []
      : [
          {
            key,
            // The query string is hidden: it may be a SAS token, which is a secret.
            value: url.replace(/\?.*$/, "?..."),
            reason: "must be the https URL of a blob container, without a SAS token, which is a secret",
          },
        ],
};
