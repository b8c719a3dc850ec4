/**
 * Changes that Azure never makes to an existing Bastion host. Pure rules over the recorded and the new inputs of
 * `network.BastionHost`; createdHost.ts applies them before an update, also in a preview.
 */
import { BastionSku, bastionSkusAscending } from "./bastionSku.ts";
import { regionName } from "@bastion-trail/core/rules/region";
import { type HookInputs, membersOf } from "../shared/hookInputs.ts";
import type { Problem } from "../shared/validate.ts";

const remake = "delete the host and deploy it again";

/** Returns every change of a Bastion host that Azure refuses. */
export function bastionUpdateProblems(before: HookInputs, after: HookInputs): Problem[] {
  return [
    ...skuProblems(before, after),
    ...zoneChangeProblems(before, after),
    ...privateOnlyProblems(before, after),
    ...locationProblems(before, after),
    ...placementProblems(before, after),
  ];
}

/** Returns every change of a host's public IP address that Azure refuses. */
export function publicIpUpdateProblems(before: HookInputs, after: HookInputs): Problem[] {
  return zoneChangeProblems(before, after, "the public IP address of the host", "delete both and deploy them again");
}

/**
 * Availability zones are chosen when a host or its public IP address is created (azure-docs, reliability-bastion.md).
 */
function zoneChangeProblems(before: HookInputs, after: HookInputs, what = "the host", way = remake): Problem[] {
  const was = zonesOf(before);
  const is = zonesOf(after);
  return was === undefined || is === undefined || was.join() === is.join()
    ? []
    : [
        {
          key: "zones",
          value: is,
          reason: `${what} was made ${was.length === 0 ? "without zones" : `in ${was.join(", ")}`}, and zones cannot change; set them back, or ${way}`,
        },
      ];
}

/** "Downgrading a SKU isn't supported" (azure-docs, bastion-sku-comparison.md; ARM answers BastionUpdateNotSupported). */
function skuProblems(before: HookInputs, after: HookInputs): Problem[] {
  const was = skuOf(before);
  const is = skuOf(after);
  const isDowngrade =
    was !== undefined && is !== undefined && bastionSkusAscending.indexOf(is) < bastionSkusAscending.indexOf(was);
  return isDowngrade
    ? [
        {
          key: "sku",
          value: is,
          reason: `it was ${was}, and Azure does not downgrade Bastion hosts; set it back, or ${remake}`,
        },
      ]
    : [];
}

/** "You can't change from a regular Bastion deployment to a private-only deployment" (private-only-deployment.md). */
function privateOnlyProblems(before: HookInputs, after: HookInputs): Problem[] {
  const was = before.enablePrivateOnlyBastion === true;
  const is = after.enablePrivateOnlyBastion === true;
  return was === is
    ? []
    : [
        {
          key: "privateOnly",
          value: is,
          reason: `it was ${was}, and private-only can be chosen only when the host is created; set it back, or ${remake}`,
        },
      ];
}

function locationProblems(before: HookInputs, after: HookInputs): Problem[] {
  const was = before.location;
  const is = after.location;
  return typeof was !== "string" || typeof is !== "string" || regionName(was) === regionName(is)
    ? []
    : [
        {
          key: "location",
          value: is,
          reason: `it was ${was}, and a Bastion host cannot move; set it back, or ${remake}`,
        },
      ];
}

/**
 * Neither the subnet nor the public IP address of a host can change (ARM answers BastionUpdateNotSupported). They are
 * added by an upgrade from Developer, which has neither (azure-docs, upgrade-sku.md). The network of a Developer host
 * cannot change either (azurerm, bastion_host, virtual_network_id).
 */
function placementProblems(before: HookInputs, after: HookInputs): Problem[] {
  const [was, wanted] = [placesOf(before), placesOf(after)];
  return was.flatMap(({ key, id }) => {
    const other = wanted.find((place) => place.key === key && place.id.toLowerCase() !== id.toLowerCase());
    return other === undefined
      ? []
      : [
          {
            key,
            value: other.id,
            reason: `it was ${id}, and Azure cannot change it on a Bastion host; set it back, or ${remake}`,
          },
        ];
  });
}

/** Returns where a host is, as far as it is known: each id with the argument that sets it. */
function placesOf(inputs: HookInputs): { readonly key: string; readonly id: string }[] {
  const [first] = Object.values(membersOf(inputs.ipConfigurations));
  const { subnet, publicIPAddress } = membersOf(first);
  return Object.entries({
    virtualNetworkId: inputs.virtualNetwork,
    bastionSubnetId: subnet,
    existingPublicIpAddressId: publicIPAddress,
  }).flatMap(([key, reference]) => {
    const { id } = membersOf(reference);
    return typeof id === "string" ? [{ key, id }] : [];
  });
}

function skuOf(inputs: HookInputs): BastionSku | undefined {
  const { name } = membersOf(inputs.sku);
  return Object.values(BastionSku).find((sku) => sku === name);
}

/** Returns the zones in order; `undefined` if they are not known yet. */
function zonesOf(inputs: HookInputs): string[] | undefined {
  const zones = inputs.zones ?? [];
  return Array.isArray(zones) && zones.every((zone) => typeof zone === "string") ? zones.toSorted() : undefined;
}
