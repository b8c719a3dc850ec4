/** Placement of a Bastion host: its subnet, its public IP address, and what can never change. */
import { flagAt, objectAt, objectsAt, textAt, type JsonObject } from "../../json.ts";
import { badRequest } from "../../armError.ts";
import { sameId, nameOf, ownerIdOf } from "../../ids.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { requireReference, sameReference } from "../references.ts";
import { parsePrefix } from "./addresses.ts";
import { bastionSkuOf, isLower } from "./bastionSkuRules.ts";
import { checkPublicIpFree } from "./networkInterfaces.ts";
import { publicIpAddressType } from "./publicIpAddresses.ts";
import { subnetPrefixes } from "./subnetChecks.ts";
import { bastionHostType, isBastionSubnet, subnetType } from "./usage.ts";
import { virtualNetworkType } from "./virtualNetworks.ts";

/**
 * Refuses changes that no Bastion host supports. The network of a Developer host is among them according to azurerm's
 * documentation (bastion_host, virtual_network_id).
 * @throws ArmError `BastionUpdateNotSupported` (azurerm #22122).
 */
export function checkUpdate(before: JsonObject, after: JsonObject): void {
  const sku = bastionSkuOf(before);
  // An upgrade from Developer adds the first subnet and public IP address.
  const isFirstPlacement = sku === "Developer" && bastionSkuOf(after) !== "Developer";
  const network = "properties.virtualNetwork.id";
  const moved =
    !isFirstPlacement &&
    (!sameReference(textAt(before, network), textAt(after, network)) ||
      ["subnet", "publicIPAddress"].some((part) => !sameReference(placed(before, part), placed(after, part))));
  if (!moved && !isLower(bastionSkuOf(after), sku)) return;
  throw badRequest(
    "BastionUpdateNotSupported",
    "Downgrading SKU or updating bastion host subnet or public ip is not allowed",
  );
}

/**
 * Checks the resources that the host refers to.
 * @throws ArmError with Azure's code if it is known (see the tests).
 */
export function checkPlacement(context: PutContext, location: string): void {
  const networkId =
    bastionSkuOf(context.body) === "Developer"
      ? developerNetwork(context, location)
      : dedicatedNetwork(context, location);
  const other = hostOf(context.store, networkId, context.id);
  if (other !== undefined) {
    throw badRequest(
      "VirtualNetworkAlreadyHasBastionHost",
      `Virtual network ${networkId} already has a Bastion host ${other.id}. Only one Bastion host is allowed in a virtual network.`,
    );
  }
}

/** Returns the virtual network of a Bastion host, whatever its SKU. */
function virtualNetworkOf(body: JsonObject): string | undefined {
  const subnetId = placed(body, "subnet");
  return subnetId === undefined ? textAt(body, "properties.virtualNetwork.id") : ownerIdOf(subnetId);
}

function developerNetwork(context: PutContext, location: string): string {
  const networkId = textAt(context.body, "properties.virtualNetwork.id");
  if (objectsAt(context.body, "properties.ipConfigurations").length > 0) {
    throw badRequest(
      "FeatureNotSupportedForDeveloperBastionSku",
      "Bastion feature(s) ipConfigurations are not supported for Developer SKU.",
    );
  }
  if (networkId === undefined) {
    throw badRequest(
      "VirtualNetworkRequiredForDeveloperBastionSku",
      `Bastion host ${context.id} of Developer SKU must reference a virtual network.`,
    );
  }
  const path = "properties.virtualNetwork.id";
  return requireReference(context.store, networkId, virtualNetworkType, { id: context.id, location, path }).id;
}

function dedicatedNetwork(context: PutContext, location: string): string {
  const configurations = objectsAt(context.body, "properties.ipConfigurations");
  const [configuration] = configurations;
  if (configuration === undefined || configurations.length > 1) {
    throw badRequest(
      "BastionHostMustHaveExactlyOneIpConfiguration",
      `Bastion host ${context.id} must have exactly one IP configuration.`,
    );
  }
  const from = (path: string) => ({
    id: context.id,
    location,
    path: `properties.ipConfigurations[0].properties.${path}`,
  });
  const subnetId = textAt(configuration, "properties.subnet.id");
  if (subnetId === undefined) {
    throw badRequest("SubnetIsRequired", `A subnet must be specified for Bastion host ${context.id}.`);
  }
  const subnet = requireReference(context.store, subnetId, subnetType, from("subnet.id"));
  checkSubnet(context, subnet);
  checkPublicIp(context, configuration, (id) =>
    requireReference(context.store, id, publicIpAddressType, from("publicIPAddress.id")),
  );
  return ownerIdOf(subnet.id);
}

function checkSubnet(context: PutContext, subnet: Resource): void {
  if (!isBastionSubnet(nameOf(subnet.id))) {
    throw badRequest(
      "BastionHostSubnetNameInvalid",
      `Bastion host ${context.id} can only be deployed in a subnet with name 'AzureBastionSubnet'. Subnet given: ${subnet.id}.`,
    );
  }
  // Hosts created before 2021-11-02 may use a /27 (azure-docs, bastion-faq.md); new hosts may not.
  const largest = Math.min(
    ...subnetPrefixes(objectAt(subnet.body, "properties")).map((text) => parsePrefix(text)?.length ?? 128),
  );
  if (largest > 26) {
    throw badRequest(
      "BastionHostSubnetSizeInvalid",
      `Subnet ${subnet.id} has prefix length /${largest}. The subnet of a Bastion host must be /26 or larger.`,
    );
  }
}

function checkPublicIp(context: PutContext, configuration: JsonObject, find: (id: string) => Resource): void {
  const isPrivate = flagAt(context.body, "properties.enablePrivateOnlyBastion") === true;
  const id = textAt(configuration, "properties.publicIPAddress.id");
  if (isPrivate) {
    if (id === undefined) return;
    throw badRequest(
      "PublicIPAddressNotAllowedForPrivateOnlyBastion",
      `Bastion host ${context.id} is private-only and cannot have a public IP address.`,
    );
  }
  if (id === undefined) {
    throw badRequest(
      "PublicIPAddressIsRequired",
      `A public IP address must be specified for Bastion host ${context.id}.`,
    );
  }
  const address = find(id);
  if (
    textAt(address.body, "sku.name") !== "Standard" ||
    textAt(address.body, "properties.publicIPAllocationMethod") !== "Static"
  ) {
    throw badRequest(
      "BastionHostPublicIPAddressMustBeStandardStatic",
      `Public IP address ${id} of Bastion host ${context.id} must have Standard SKU and Static allocation.`,
    );
  }
  checkPublicIpFree(context, id, `${context.id}/bastionHostIpConfigurations/${textAt(configuration, "name") ?? ""}`);
}

function hostOf(store: ResourceReader, networkId: string, exceptId: string): Resource | undefined {
  return store
    .ofType(bastionHostType)
    .find((host) => !sameId(host.id, exceptId) && sameReference(virtualNetworkOf(host.body), networkId));
}

/** Returns the id of a part of the host's only IP configuration. */
function placed(body: JsonObject, part: string): string | undefined {
  return textAt(objectsAt(body, "properties.ipConfigurations")[0], `properties.${part}.id`);
}
