import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { startCloud, textOf } from "../cloud.ts";
import { forEachTest } from "../../../../held.ts";

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
    assert.equal(
      await cloud.refusal("PUT", address, body("Standard", "Dynamic")),
      `400 StandardAndStandardV2SkuPublicIPAddressesMustBeStatic: Standard sku publicIp ${cloud.id(address)} must have AllocationMethod set to Static.`,
    );
    assert.equal(
      await cloud.refusal("PUT", address, body("Basic", "Static")),
      "400 IPv4BasicSkuPublicIpCountLimitReached: Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.",
    );
  });

  it("is patched by its tags alone, at once", async () => {
    await cloud.put(address, { ...body("Standard", "Static"), tags: { a: "1", b: "2" } });
    const { status, body: patched, headers } = await cloud.send("PATCH", address, { tags: { c: "3" } });
    assert.deepEqual(
      [status, patched.tags, (patched.properties as JsonObject).provisioningState, headers["azure-asyncoperation"]],
      [200, { c: "3" }, "Succeeded", undefined],
    );
    assert.equal(
      await cloud.refusal("PATCH", address, { properties: { idleTimeoutInMinutes: 30 } }),
      "400 InvalidRequestContent: The request content was invalid and could not be deserialized: 'Could not find member 'properties' on object of type 'ResourceDefinition'. Path 'properties'.'.",
    );
    await cloud.delete(address);
  });

  it("is held to its etag, in the network provider's words", async () => {
    const { etag } = await cloud.put(address, body("Standard", "Static"));
    const path = `${cloud.id(address)}?api-version=2024-05-01`;
    const answer = await cloud.plane.send("PUT", path, body("Standard", "Static"), { "if-match": 'W/"old"' });
    assert.deepEqual(
      [answer.status, answer.body],
      [
        412,
        {
          error: {
            code: "PreconditionFailed",
            message: "Precondition failed.",
            details: [
              {
                code: "PreconditionFailedEtagMismatch",
                message: `Etag provided in if-match header W/"old" does not match etag ${textOf(etag)} of resource ${cloud.id(address)} in NRP data store.`,
              },
            ],
          },
        },
      ],
    );
  });

  it("is refused what the network provider cannot read, with each reason", async () => {
    const properties = { publicIPAllocationMethod: "Fixed", colour: "red" };
    const answer = await cloud.send("PUT", address, { ...body("Standard", "Static"), properties });
    assert.deepEqual(answer.body.error, {
      code: "InvalidRequestFormat",
      message: "Cannot parse the request.",
      details: [
        {
          code: "InvalidJson",
          message: `Error converting value "Fixed" to type 'PublicIPAllocationMethod'. Path 'properties.publicIPAllocationMethod'. Allowed values: Dynamic, Static.`,
        },
        {
          code: "InvalidJson",
          message: "Could not find member 'colour' on object of type 'Properties'. Path 'properties.colour'.",
        },
      ],
    });
  });

  it("is in zones that its region has", async () => {
    assert.equal(
      await cloud.refusal("PUT", address, body("Standard", "Static", ["4"])),
      "400 InvalidAvailabilityZone: The zone(s) '4' for resource 'Microsoft.Network/publicIPAddresses/pip' is not supported. The supported zones for location 'westeurope' are '1,2,3'",
    );
    const west = { ...body("Standard", "Static", ["1"]), location: "westus" };
    assert.equal(
      await cloud.refusal("PUT", address, west),
      "400 LocationNotSupportAvailabilityZones: The resource 'Microsoft.Network/publicIPAddresses/pip' does not support availability zones at location 'westus'.",
    );
  });
});
