import assert from "node:assert/strict";
import type { Json, JsonObject } from "../../../../../sandbox/arm/json.ts";
import { vmBodies, nic, vm } from "../compute/vmBodies.ts";
import { bastionSubnet, nicBody, putNetwork, startCloud, textOf } from "../cloud.ts";
import { forSuite } from "../../../../held.ts";

const host = "Microsoft.Network/bastionHosts/bastion";

describe("shareable links of a Bastion host", () => {
  const cloud = forSuite(startCloud);
  before(async () => {
    await putNetwork(cloud);
    await cloud.put("Microsoft.Network/publicIPAddresses/pip", {
      location: "westeurope",
      sku: { name: "Standard" },
      properties: { publicIPAllocationMethod: "Static" },
    });
    await cloud.put(nic, nicBody(cloud));
    await cloud.put(vm, vmBodies(cloud).vm());
    await putHost(false);
  });

  const putHost = (enableShareableLink: boolean): Promise<JsonObject> =>
    cloud.put(host, {
      location: "westeurope",
      sku: { name: "Standard" },
      properties: {
        enableShareableLink,
        ipConfigurations: [
          {
            name: "ip",
            properties: {
              subnet: { id: cloud.id(bastionSubnet) },
              publicIPAddress: { id: cloud.id("Microsoft.Network/publicIPAddresses/pip") },
            },
          },
        ],
      },
    });
  const vms = (): JsonObject => ({ vms: [{ vm: { id: cloud.id(vm) } }] });
  const links = async (): Promise<Json | undefined> =>
    (await cloud.send("POST", `${host}/getShareableLinks`, { vms: [] })).body.value;
  const create = async (): Promise<JsonObject[]> => {
    const { headers } = await cloud.send("POST", `${host}/createShareableLinks`, vms());
    return (await cloud.plane.send("GET", textOf(headers.location))).body.value as JsonObject[];
  };

  it("are refused where the host has them off", async () => {
    assert.equal(
      await cloud.refusal("POST", `${host}/createShareableLinks`, vms()),
      `400 BadRequest: Shareable links are not enabled on Bastion host ${cloud.id(host)}.`,
    );
  });

  it("are made once for a virtual machine, listed, and deleted by it or by their token", async () => {
    await putHost(true);
    const [link] = await create();
    assert.deepEqual(link?.vm, { id: cloud.id(vm) });
    assert.match(textOf(link.bsl), /^https:\/\/127\.0\.0\.1:8443\/api\/shareable-url\/[0-9a-f-]{36}$/);
    assert.deepEqual(await create(), [link]);
    assert.deepEqual(await links(), [link]);
    await cloud.send("POST", `${host}/deleteShareableLinks`, vms());
    assert.deepEqual(await links(), []);
    const [other] = await create();
    assert.notEqual(other?.bsl, link.bsl);
    const token = textOf(other?.bsl).split("/").at(-1) ?? "";
    await cloud.send("POST", `${host}/deleteShareableLinksByToken`, { tokens: [token] });
    assert.deepEqual(await links(), []);
  });

  it("are for virtual machines that exist", async () => {
    const none = cloud.id("Microsoft.Compute/virtualMachines/none");
    const { code } = await cloud.refused("POST", `${host}/createShareableLinks`, { vms: [{ vm: { id: none } }] });
    assert.equal(code, "InvalidResourceReference");
  });
});
