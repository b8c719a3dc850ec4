import assert from "node:assert/strict";
import type { JsonObject } from "../../../../sandbox/arm/json.ts";
import { identity, text } from "../fakeArm.ts";
import { hostId, PluginBench } from "./pluginBench.ts";

describe("The azure-native plugin calls functions", () => {
  const bench = PluginBench.ofSuite();

  const invoke = (token: string, args: JsonObject = {}): Promise<JsonObject> =>
    bench.plugin.invoke(token, args, bench.context);

  it("that tell who is logged in", async () => {
    assert.deepEqual(await invoke("azure-native:authorization:getClientConfig"), {
      clientId: identity.clientId,
      objectId: "oid-1",
      subscriptionId: identity.subscriptionId,
      tenantId: identity.tenantId,
    });
    const answer = await invoke("azure-native:authorization:getClientToken");
    const [, claims = ""] = text(answer, "token").split(".");
    const { aud } = JSON.parse(Buffer.from(claims, "base64url").toString()) as JsonObject;
    assert.equal(aud, `${bench.arm.endpoint}//.default`);
  });

  it("that read a resource of any type of the table", async () => {
    bench.arm.hold({ id: hostId, name: "b", properties: { dnsName: "d" } });
    const found = await invoke("azure-native:network:getBastionHost", {
      resourceGroupName: "rg",
      bastionHostName: "b",
    });
    assert.deepEqual(found, { id: hostId, name: "b", dnsName: "d", azureApiVersion: "2024-05-01" });
  });

  it("and refuses one that it does not know by name", async () => {
    await assert.rejects(
      invoke("azure-native:web:getWebApp"),
      /^Error: The sandbox does not know the function "azure-native:web:getWebApp"\. It knows: azure-native:authorization:getClientConfig, /,
    );
  });
});
