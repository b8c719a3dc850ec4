import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { network, putNetwork, startCloud } from "../cloud.ts";
import { forSuite } from "../../../../held.ts";

describe("the template of a resource group", () => {
  const cloud = forSuite(startCloud);
  before(() => putNetwork(cloud));
  const exported = async (body: JsonObject): Promise<JsonObject> =>
    (await cloud.send("POST", `${cloud.group}/exportTemplate?api-version=2025-04-01`, body)).body
      .template as JsonObject;

  it("has a parameter for the name of each resource", async () => {
    const { parameters, resources } = await exported({ resources: ["*"] });
    assert.deepEqual(parameters, { virtualNetworks_net_name: { defaultValue: "net", type: "String" } });
    assert.deepEqual((resources as JsonObject[]).map(({ type, apiVersion, name }) => [type, apiVersion, name]).sort(), [
      ["Microsoft.Network/virtualNetworks", "2026-03-01", "[parameters('virtualNetworks_net_name')]"],
      ...["AzureBastionSubnet", "vms"].map((subnet) => [
        "Microsoft.Network/virtualNetworks/subnets",
        "2026-03-01",
        `[concat(parameters('virtualNetworks_net_name'), '/${subnet}')]`,
      ]),
    ]);
  });

  it("has the resources that are asked for, under their own names where the options say so", async () => {
    const options = "SkipResourceNameParameterization";
    const { parameters, resources } = await exported({ resources: [cloud.id(network)], options });
    assert.deepEqual(parameters, {});
    assert.deepEqual(
      (resources as JsonObject[]).map(({ name, location }) => [name, location]),
      [["net", "westeurope"]],
    );
  });
});
