/**
 * Changes of a deployed network that Azure refuses in the middle of the deployment: the stack would delete what it adopts,
 * or would move a Bastion host or a VM to another virtual network. The recorded arguments are compared, because the ids of
 * new subnets are not known in a preview.
 */
import { getSubnet } from "@pulumi/azure-native/network/getSubnet.js";
import type * as pulumi from "@pulumi/pulumi";
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import { bastionSubnetName } from "@bastion-trail/core/rules/bastionSubnet";
import { isSame, nameIn, virtualNetworkIdOf } from "../shared/armId.ts";
import { hook } from "../shared/hook.ts";
import { type HookInputs, isGiven } from "../shared/hookInputs.ts";
import { present, textsIn } from "../shared/liveResource.ts";
import { type Problem, refuse } from "../shared/validate.ts";
import { addressesInUse } from "./adoptedNetwork.ts";
import { usersOf } from "./networkUpdates.ts";

/** The network or one of its subnets. */
interface Part {
  /** The argument that adopts it. */
  readonly key: string;
  /** The id by which it is adopted; `undefined` if the component creates it. */
  readonly id: string | undefined;
  readonly place: Place;
}

interface Place {
  readonly resourceGroupName: string;
  readonly virtualNetworkName: string;
  /** `undefined` for the network itself. */
  readonly subnetName: string | undefined;
}

/** A part before and after an update. */
interface Change {
  readonly was: Part;
  readonly wanted: Part;
}

/** Returns a hook that refuses to adopt what the component itself created, and to move or rename what is in use. */
export function staysInNetwork(subject: string, opts: pulumi.InvokeOptions): pulumi.ResourceHook {
  return hook(
    subject,
    "stays-in-network",
    async ({ oldInputs = {}, newInputs = {} }) => {
      const changes = changesOf(oldInputs, newInputs);
      const own = ownPartProblems(changes);
      refuse(subject, own.length > 0 ? own : await moveProblems(changes, String(oldInputs.resourceGroupName), opts));
    },
    { onDryRun: true },
  );
}

/** Returns the network and its subnets as far as both inputs name them. An earlier version recorded none. */
export function changesOf(before: HookInputs, after: HookInputs): Change[] {
  const wanted = partsOf(after);
  return partsOf(before).flatMap((was) => {
    const same = wanted.find(({ key }) => key === was.key);
    return same === undefined ? [] : [{ was, wanted: same }];
  });
}

function partsOf(inputs: HookInputs): Part[] {
  const own = textsIn(inputs, "resourceGroupName", "virtualNetworkName", "vmSubnetName");
  if (own === undefined) return [];
  const part = (key: string, ownPlace: Place): Part[] => {
    const id = inputs[key];
    if (!isGiven(id)) return [{ key, id: undefined, place: ownPlace }];
    const place = typeof id === "string" ? placeOf(id) : undefined;
    return typeof id !== "string" || place === undefined ? [] : [{ key, id, place }];
  };
  const { resourceGroupName, virtualNetworkName, vmSubnetName } = own;
  const network = part("existingVirtualNetworkId", { resourceGroupName, virtualNetworkName, subnetName: undefined });
  const hasBastionSubnet = isGiven(inputs.bastionSubnetPrefix) || isGiven(inputs.existingBastionSubnetId);
  return network.flatMap(({ place }) => [
    ...network,
    ...(hasBastionSubnet ? part("existingBastionSubnetId", { ...place, subnetName: bastionSubnetName }) : []),
    ...part("existingVmSubnetId", { ...place, subnetName: vmSubnetName }),
  ]);
}

/** Returns where an adopted network or subnet is; `undefined` for a malformed id, which is refused elsewhere. */
function placeOf(id: string): Place | undefined {
  const networkId = virtualNetworkIdOf(id);
  const network = parseResourceId(networkId);
  return (
    network && {
      resourceGroupName: network.resourceGroupName,
      virtualNetworkName: network.name,
      subnetName: networkId === id ? undefined : nameIn(id),
    }
  );
}

/** Returns every part that the component created and is now to adopt. Pulumi would delete it. */
export function ownPartProblems(changes: readonly Change[]): Problem[] {
  return changes.flatMap(({ was, wanted: { key, id, place } }) =>
    was.id === undefined && id !== undefined && isSamePlace(was.place, place)
      ? [
          {
            key,
            value: id,
            reason: "this stack created the resource of this id, and would delete it; set it back",
          },
        ]
      : [],
  );
}

async function moveProblems(
  changes: readonly Change[],
  resourceGroupName: string,
  opts: pulumi.InvokeOptions,
): Promise<Problem[]> {
  const moved = changes.filter(({ was, wanted }) => !isInSameNetwork(was.place, wanted.place));
  const [first] = moved;
  const users = await Promise.all(moved.map(({ was }) => usersIn(was, resourceGroupName, opts)));
  if (first !== undefined) return usedNetworkProblems(first, users.flat());
  const renamed = changes
    .filter(isRenamed)
    .map(async (change) => renamedSubnetProblems(change, await usersIn(change.was, resourceGroupName, opts)));
  return (await Promise.all(renamed)).flat();
}

/** Returns what is in a subnet and hinders its deletion, or would move: in an adopted one, only the deployment's own. */
async function usersIn(
  { id, place: { subnetName, ...network } }: Part,
  resourceGroupName: string,
  opts: pulumi.InvokeOptions,
): Promise<string[]> {
  if (subnetName === undefined) return [];
  const live = await present(getSubnet({ ...network, subnetName }, opts));
  const users = live === undefined ? [] : addressesInUse(live);
  return users.filter(
    (user) => id === undefined || isSame(parseResourceId(user)?.resourceGroupName, resourceGroupName),
  );
}

/** Returns the reason why the network of a part cannot change, if any: something is in it. */
export function usedNetworkProblems({ was, wanted }: Change, users: readonly string[]): Problem[] {
  return users.length === 0
    ? []
    : [
        {
          ...changedArgument(was, wanted),
          reason: `the virtual network ${was.place.virtualNetworkName} is in use (by ${usersOf(users)}), and Azure moves neither a Bastion host nor a VM to another one; set it back, or first delete what uses the network`,
        },
      ];
}

/** Returns the reason why a subnet that the component creates cannot get another name, if any: something is in it. */
export function renamedSubnetProblems(change: Change, users: readonly string[]): Problem[] {
  const { was, wanted } = change;
  return users.length === 0 || !isRenamed(change)
    ? []
    : [
        {
          key: "vmSubnetName",
          value: wanted.place.subnetName,
          reason: `it was ${was.place.subnetName}, and Azure does not rename a subnet in use (by ${usersOf(users)}); set it back, or first delete what uses the subnet`,
        },
      ];
}

/** Whether the VM subnet would get another name; that of the other subnet is fixed. Pulumi compares names with their case. */
function isRenamed({ was, wanted }: Change): boolean {
  return (
    was.id === undefined &&
    wanted.id === undefined &&
    isInSameNetwork(was.place, wanted.place) &&
    was.place.subnetName !== wanted.place.subnetName
  );
}

/** Returns the argument that names another network: its id, or a part of its place if the component creates both. */
function changedArgument(was: Part, wanted: Part): Pick<Problem, "key" | "value"> {
  if (was.id !== undefined || wanted.id !== undefined) return { key: wanted.key, value: wanted.id };
  const { resourceGroupName, virtualNetworkName } = wanted.place;
  return isSame(was.place.resourceGroupName, resourceGroupName)
    ? { key: "virtualNetworkName", value: virtualNetworkName }
    : { key: "resourceGroupName", value: resourceGroupName };
}

function isSamePlace(one: Place, other: Place): boolean {
  return isInSameNetwork(one, other) && isSame(one.subnetName ?? "", other.subnetName ?? "");
}

function isInSameNetwork(one: Place, other: Place): boolean {
  return (
    isSame(one.resourceGroupName, other.resourceGroupName) && isSame(one.virtualNetworkName, other.virtualNetworkName)
  );
}
