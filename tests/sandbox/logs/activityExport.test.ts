import assert from "node:assert/strict";
import { BlobServiceClient } from "@azure/storage-blob";
import { textAt, type JsonObject } from "../../../sandbox/arm/json.ts";
import { startAuditPlane, type AuditPlane } from "../auditPlane.ts";
import { trusting } from "../auditFixture.ts";
import { bastionSubnet, jitBody, jitId, putAccessPath, putPlan, putSinks, versions } from "../auditResources.ts";
import { forEachTest } from "../../held.ts";

describe("the activity log's export", () => {
  const plane = forEachTest(startAuditPlane);
  let sinks: { accountId: string; workspaceId: string; customerId: string };
  const settingId = (): string =>
    `/subscriptions/${plane.identity.subscriptionId}/providers/Microsoft.Insights/diagnosticSettings/activity`;
  const putSetting = async (categories: readonly string[]): Promise<void> => {
    const logs = categories.map((category) => ({ category, enabled: true }));
    const properties = { workspaceId: sinks.workspaceId, storageAccountId: sinks.accountId, logs };
    assert.equal((await plane.send("PUT", settingId(), versions.settings, { properties })).status, 200);
  };
  const rows = async (): Promise<JsonObject[]> => {
    await plane.router.settle();
    return await plane.tables.read(sinks.customerId, "AzureActivity");
  };
  const touch = (): ReturnType<AuditPlane["send"]> =>
    plane.send("PUT", sinks.accountId, versions.storage, {
      location: "westeurope",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      tags: { touched: "yes" },
    });

  beforeEach(async () => {
    sinks = await putSinks(plane);
  });

  it("sends nothing without a setting, and nothing of a category that is not asked for", async () => {
    await touch();
    await putSetting(["Security"]);
    await touch();
    assert.deepEqual(await rows(), []);
    assert.equal(await plane.blobs.hasBlobs("staudit", "insights-activity-logs"), false);
  });

  it("sends what happens from then on to the table and to the archive, each in its own form", async () => {
    await putSetting(["Administrative"]);
    const before = (await rows()).length;
    plane.events.length = 0;
    await touch();
    const sent = (await rows()).slice(before);
    assert.deepEqual(
      sent.map((row) => [row.OperationNameValue, row.ActivityStatusValue, row._ResourceId]),
      ["Start", "Accept", "Success"].map((status) => [
        "MICROSOFT.STORAGE/STORAGEACCOUNTS/WRITE",
        status,
        sinks.accountId.toLowerCase(),
      ]),
    );
    const [start] = sent;
    assert.deepEqual(JSON.parse(textAt(start, "Properties") ?? ""), start?.Properties_d);
    assert.match(textAt(start, "Properties_d.requestbody") ?? "", /touched/);
    assert.equal(start?.TenantId, sinks.customerId);
    assert.equal(start.CorrelationId, plane.events[0]?.correlationId);

    const client = BlobServiceClient.fromConnectionString(plane.blobs.observerConnectionString, trusting(plane.tls));
    const container = client.getContainerClient("insights-activity-logs");
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat()) names.push(name);
    assert.equal(names.length, 1);
    assert.match(
      names[0] ?? "",
      new RegExp(
        `^resourceId=/SUBSCRIPTIONS/${plane.identity.subscriptionId.toUpperCase()}/y=\\d{4}/m=\\d\\d/d=\\d\\d/h=\\d\\d/m=00/PT1H\\.json$`,
      ),
    );
    const lines = (await container.getBlobClient(names[0] ?? "").downloadToBuffer()).toString().trimEnd().split("\n");
    const record = lines
      .map((line) => JSON.parse(line) as JsonObject)
      .find((line) => line.correlationId === start.CorrelationId);
    assert.deepEqual(
      [record?.operationName, record?.category, record?.resultType, record?.resourceId, "caller" in (record ?? {})],
      ["MICROSOFT.STORAGE/STORAGEACCOUNTS/WRITE", "Administrative", "Start", sinks.accountId.toUpperCase(), false],
    );
    assert.equal(((record?.identity as JsonObject).claims as JsonObject).appid, plane.identity.clientId);
  });

  it("carries a JIT request with its person and Defender's write of the NSG under one correlation id", async () => {
    const { vmId, nsgId } = putAccessPath(plane);
    await putPlan(plane);
    await plane.send("PUT", jitId(plane), versions.jit, jitBody(vmId));
    await putSetting(["Administrative", "Security"]);
    const endTimeUtc = new Date(plane.clock.now().getTime() + 3_600_000).toISOString();
    const ports = [{ number: 22, endTimeUtc, allowedSourceAddressPrefix: bastionSubnet }];
    const body = { virtualMachines: [{ id: vmId, ports }], justification: "INC-7" };
    await plane.sendAs("ada@example.com", "POST", `${jitId(plane)}/initiate`, versions.jit, body);
    const initiate = "MICROSOFT.SECURITY/LOCATIONS/JITNETWORKACCESSPOLICIES/INITIATE/ACTION";
    const all = await rows();
    const correlationId = all.find((row) => row.OperationNameValue === initiate)?.CorrelationId;
    const request = all.filter((row) => row.CorrelationId === correlationId);
    assert.deepEqual(
      request.map((row) => [row.OperationNameValue, row._ResourceId, (row.Claims_d as JsonObject).idtyp]),
      [
        [initiate, jitId(plane).toLowerCase(), "user"],
        [initiate, vmId.toLowerCase(), "user"],
        ["MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/WRITE", nsgId.toLowerCase(), "app"],
        [initiate, jitId(plane).toLowerCase(), "user"],
      ],
    );
    assert.deepEqual(request.map((row) => row.Caller).filter((caller) => caller === "ada@example.com").length, 3);
  });
});
