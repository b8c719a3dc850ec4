/** Which settings of a bastion network are valid, and which contradict each other. Pure rules for bastionNetwork.ts. */
import { idProblems, isSame, virtualNetworkIdOf } from "../shared/armId.ts";
import { portProblems } from "../jit-virtual-machine/jitPorts.ts";
import { networkNameProblems } from "./networkName.ts";
import {
  bastionSubnetNameProblems,
  reservedSubnetProblems,
  subnetPlanProblems,
  subnetSizeProblems,
} from "./subnetPlan.ts";
import type { Problem } from "../shared/validate.ts";
import { vmSubnetProblems } from "../jit-virtual-machine/vmSubnetRules.ts";

/** The arguments of a bastion network that can be checked without asking Azure. */
export interface NetworkRequest {
  virtualNetworkName: string;
  addressSpace: string[] | undefined;
  bastionSubnetPrefix: string | undefined;
  vmSubnetPrefix: string | undefined;
  vmSubnetName: string;
  customVmPorts: number[] | undefined;
  existingVirtualNetworkId: string | undefined;
  existingBastionSubnetId: string | undefined;
  existingVmSubnetId: string | undefined;
}

/** Default name of the VM subnet. */
export const defaultVmSubnetName = "vms";

/**
 * Returns every problem of the values themselves. Whether they fit an adopted network is known only once it has been
 * read.
 */
export function networkRequestProblems(request: NetworkRequest): Problem[] {
  return [
    ...(request.existingVirtualNetworkId === undefined
      ? subnetPlanProblems({ ...request, addressSpace: request.addressSpace ?? [] })
      : subnetSizeProblems(request)),
    ...nameAndIdProblems(request),
  ];
}

/** Returns the problems that can be told although some values are not known yet. */
export function knownNetworkProblems(request: Partial<NetworkRequest>): Problem[] {
  const { bastionSubnetPrefix, vmSubnetPrefix } = request;
  return [...subnetSizeProblems({ bastionSubnetPrefix, vmSubnetPrefix }), ...nameAndIdProblems(request)];
}

function nameAndIdProblems(request: Partial<NetworkRequest>): Problem[] {
  const { virtualNetworkName, vmSubnetName } = request;
  return [
    ...(virtualNetworkName === undefined ? [] : networkNameProblems("virtualNetworkName", virtualNetworkName, 64)),
    ...(vmSubnetName === undefined ? [] : vmSubnetNameProblems(vmSubnetName)),
    ...portProblems("customVmPorts", request.customVmPorts ?? []),
    ...existingIdProblems(request),
  ];
}

/**
 * Returns every argument that has no effect, or contradicts another, because of what is adopted.
 * @param given - the arguments as passed. Only their presence matters, not whether their values are known yet.
 */
export function adoptionProblems(given: Readonly<Record<string, unknown>>): Problem[] {
  const isGiven = (key: string): boolean => given[key] !== undefined;
  const unless = (keys: readonly string[], allowed: boolean, reason: string): Problem[] =>
    allowed ? [] : keys.filter(isGiven).map((key) => ({ key, value: given[key], reason }));
  const createsNetwork = !isGiven("existingVirtualNetworkId");
  return [
    ...unless(
      ["virtualNetworkName", "addressSpace", "lock"],
      createsNetwork,
      "not allowed with existingVirtualNetworkId: it applies only to a new network",
    ),
    ...unless(
      ["existingBastionSubnetId", "existingVmSubnetId"],
      !createsNetwork,
      "requires existingVirtualNetworkId: a subnet is adopted together with its network",
    ),
    ...unless(
      ["bastionSubnetPrefix"],
      !isGiven("existingBastionSubnetId"),
      "not allowed together with existingBastionSubnetId",
    ),
    ...unless(["vmSubnetPrefix"], !isGiven("existingVmSubnetId"), "not allowed together with existingVmSubnetId"),
    ...(isGiven("vmSubnetPrefix") || isGiven("existingVmSubnetId")
      ? []
      : [
          {
            key: "vmSubnetPrefix",
            value: undefined,
            reason: "required unless existingVmSubnetId is set: the VMs need a subnet",
          },
        ]),
    ...unless(
      ["vmSubnetName", "vmDefaultOutboundAccess", "vmNatGatewayId"],
      !isGiven("existingVmSubnetId"),
      "not allowed with existingVmSubnetId: it applies only to a new subnet",
    ),
    ...unless(
      ["customVmPorts"],
      isGiven("bastionSubnetPrefix"),
      "requires bastionSubnetPrefix: it applies only to a new AzureBastionSubnet",
    ),
  ];
}

function vmSubnetNameProblems(value: string): Problem[] {
  const reserved = reservedSubnetProblems("vmSubnetName", value);
  return reserved.length > 0 ? reserved : networkNameProblems("vmSubnetName", value, 80);
}

function existingIdProblems(request: Partial<NetworkRequest>): Problem[] {
  const { existingVirtualNetworkId: networkId, existingBastionSubnetId: bastionId } = request;
  const wrongIds = [
    ...idProblems("existingVirtualNetworkId", networkId, "Microsoft.Network/virtualNetworks"),
    ...idProblems("existingBastionSubnetId", bastionId, "Microsoft.Network/virtualNetworks/subnets"),
  ];
  return [
    ...wrongIds,
    ...(wrongIds.length === 0 ? bastionSubnetIdProblems(bastionId, networkId) : []),
    ...vmSubnetProblems("existingVmSubnetId", request.existingVmSubnetId),
  ];
}

function bastionSubnetIdProblems(subnetId: string | undefined, networkId: string | undefined): Problem[] {
  if (subnetId === undefined) return [];
  const key = "existingBastionSubnetId";
  return [
    ...bastionSubnetNameProblems(key, subnetId),
    ...(networkId === undefined || isSame(virtualNetworkIdOf(subnetId), networkId)
      ? []
      : [{ key, value: subnetId, reason: `must be a subnet of ${networkId}` }]),
  ];
}
