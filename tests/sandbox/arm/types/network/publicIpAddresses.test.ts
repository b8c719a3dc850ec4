import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { startCloud, textOf } from "../cloud.ts";
import { forEachTest } from "../../../held.ts";

const address = "Microsoft.Network/publicIPAddresses/pip";

describe("Microsoft.Network/publicIPAddresses", () => {
  const cloud = forEachTest(startCloud);

  const body = (sku: string, method: string, zones?: string[]): JsonObject => ({
    location: "westeurope",
    sku: { name: sku },
    properties: { publicIPAllocationMethod: method },
    ...(zones === undefined ? {} : { zones }),
  });

  it("has its address at once, and keeps it", async () => {
    const first = (await cloud.put(address, body("Standard", "Static"))).properties as JsonObject;
    assert.match(textOf(first.ipAddress), /^20\.\d+\.\d+\.\d+$/);
    const second = (await cloud.put(address, body("Standard", "Static"))).properties as JsonObject;
    assert.equal(second.ipAddress, first.ipAddress);
  });

  it("is Standard and static", async () => {
    assert.deepEqual(await cloud.refused("PUT", address, body("Standard", "Dynamic")), {
      status: 400,
      code: "StandardAndStandardV2SkuPublicIPAddressesMustBeStatic",
      message: `Standard sku publicIp ${cloud.id(address)} must have AllocationMethod set to Static.`,
    });
    assert.deepEqual(await cloud.refused("PUT", address, body("Basic", "Static")), {
      status: 400,
      code: "IPv4BasicSkuPublicIpCountLimitReached",
      message: "Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.",
    });
  });

  it("is patched by its tags alone, at once", async () => {
    await cloud.put(address, { ...body("Standard", "Static"), tags: { a: "1", b: "2" } });
    const { status, body: patched, headers } = await cloud.send("PATCH", address, { tags: { c: "3" } });
    assert.deepEqual(
      [status, patched.tags, (patched.properties as JsonObject).provisioningState, headers["azure-asyncoperation"]],
      [200, { c: "3" }, "Succeeded", undefined],
    );
    assert.deepEqual(await cloud.refused("PATCH", address, { properties: { idleTimeoutInMinutes: 30 } }), {
      status: 400,
      code: "InvalidRequestContent",
      message:
        "The request content was invalid and could not be deserialized: 'Could not find member 'properties' on object of type 'ResourceDefinition'. Path 'properties'.'.",
    });
    await cloud.delete(address);
  });

  it("is in zones that its region has", async () => {
    assert.deepEqual(await cloud.refused("PUT", address, body("Standard", "Static", ["4"])), {
      status: 400,
      code: "InvalidAvailabilityZone",
      message:
        "The zone(s) '4' for resource 'Microsoft.Network/publicIPAddresses/pip' is not supported. The supported zones for location 'westeurope' are '1,2,3'",
    });
    const west = { ...body("Standard", "Static", ["1"]), location: "westus" };
    assert.deepEqual(await cloud.refused("PUT", address, west), {
      status: 400,
      code: "LocationNotSupportAvailabilityZones",
      message:
        "The resource 'Microsoft.Network/publicIPAddresses/pip' does not support availability zones at location 'westus'.",
    });
  });
});
