import { createHash, randomUUID } from "node:crypto";
import { numberAt, objectAt, textAt, valueAt, withProperties, type JsonObject } from "../../json.ts";
import { badRequest } from "../../armError.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { networkName } from "./names.ts";
import { networkType } from "./networkType.ts";
import { holderOfPublicIp } from "./usage.ts";
import { checkZones } from "./zones.ts";

export const publicIpAddressType = "Microsoft.Network/publicIPAddresses";

export default networkType({
  type: publicIpAddressType,
  model: "network:PublicIPAddress",
  sdk: "network.PublicIPAddress",
  scope: "resourceGroup",
  name: networkName(),
  location: "required",
  refine: { "PublicIPAddressPropertiesFormat.idleTimeoutInMinutes": { min: 4, max: 30 } },
  put: "async",
  delete: "async",
  patch: { of: "tags", completion: "sync" },
  check,
  complete(context) {
    const version = textAt(context.body, "properties.publicIPAddressVersion") ?? "IPv4";
    const guid = textAt(context.existing?.body, "properties.resourceGuid") ?? randomUUID();
    return {
      body: withProperties(
        { ...context.body, sku: { name: skuOf(context), tier: tierOf(context) } },
        {
          provisioningState: "Succeeded",
          resourceGuid: guid,
          ipAddress: version === "IPv4" ? ipv4Of(guid) : ipv6Of(guid),
          publicIPAddressVersion: version,
          publicIPAllocationMethod: textAt(context.body, "properties.publicIPAllocationMethod") ?? "Static",
          idleTimeoutInMinutes: numberAt(context.body, "properties.idleTimeoutInMinutes") ?? 4,
          ipTags: valueAt(context.body, "properties.ipTags") ?? [],
          ddosSettings: {
            protectionMode: "VirtualNetworkInherited",
            ...objectAt(context.body, "properties.ddosSettings"),
          },
        },
      ),
    };
  },
  checkDelete({ existing, store }) {
    const holder = holderOfPublicIp(store, existing.id);
    if (holder === undefined) return;
    throw badRequest(
      "PublicIPAddressCannotBeDeleted",
      `Public IP address ${existing.id} can not be deleted since it is still allocated to resource ${holder}. In order to delete the public IP, disassociate/detach the Public IP address from the resource.  To learn how to do this, see aka.ms/deletepublicip.`,
    );
  },
  view(address: Resource, reader: ResourceReader): JsonObject {
    const holder = holderOfPublicIp(reader, address.id);
    return holder === undefined ? address.body : withProperties(address.body, { ipConfiguration: { id: holder } });
  },
});

function check(context: PutContext): void {
  const before = context.existing?.body;
  checkZones(context, publicIpAddressType);
  const sku = skuOf(context);
  const skuBefore = textAt(before, "sku.name");
  if (skuBefore !== undefined && skuBefore !== sku) {
    throw badRequest(
      "SkuPropertyCannotBeChangedOnUpdate",
      `Sku property is set at creation time and cannot be changed from ${skuBefore} to ${sku} on resource update for resource ${context.id}.`,
    );
  }
  // Basic public IP addresses were retired on 2025-09-30; since then Azure has answered requests for new ones like
  // this.
  if (sku === "Basic") {
    throw badRequest(
      "IPv4BasicSkuPublicIpCountLimitReached",
      "Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.",
    );
  }
  if (textAt(context.body, "properties.publicIPAllocationMethod")?.toLowerCase() === "dynamic") {
    throw badRequest(
      "StandardAndStandardV2SkuPublicIPAddressesMustBeStatic",
      `Standard sku publicIp ${context.id} must have AllocationMethod set to Static.`,
    );
  }
}

function skuOf(context: PutContext): string {
  return textAt(context.body, "sku.name") ?? "Basic";
}

function tierOf(context: PutContext): string {
  return textAt(context.body, "sku.tier") ?? "Regional";
}

/** Returns a stable address in Azure's 20.0.0.0/8, derived from the resource's GUID. */
function ipv4Of(guid: string): string {
  const [a = 0, b = 0, c = 0] = createHash("sha256").update(guid).digest();
  return `20.${a}.${b}.${(c % 254) + 1}`;
}

function ipv6Of(guid: string): string {
  const hash = createHash("sha256").update(guid).digest("hex");
  return `2603:1030:${hash.slice(0, 4)}::${hash.slice(4, 7)}`;
}
