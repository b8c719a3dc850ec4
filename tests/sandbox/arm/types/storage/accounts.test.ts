import assert from "node:assert/strict";
import { textAt, type JsonObject } from "../../../../../sandbox/arm/json.ts";
import { refusalOf } from "../../plane.ts";
import { version, standard, storageForSuite } from "./storageFixture.ts";

describe("Microsoft.Storage/storageAccounts", () => {
  const { plane, accountOf, put, get } = storageForSuite();
  it("are created with Azure's defaults and an endpoint on the sandbox's blob server", async () => {
    const created = await put(accountOf("stdefaults"), standard);
    assert.equal(created.status, 202);
    const { status, body } = await get(accountOf("stdefaults"));
    assert.equal(status, 200);
    assert.deepEqual(body.sku, { name: "Standard_LRS", tier: "Standard" });
    const properties = body.properties as JsonObject;
    assert.deepEqual(
      [
        properties.provisioningState,
        properties.accessTier,
        properties.supportsHttpsTrafficOnly,
        properties.minimumTlsVersion,
        properties.networkAcls,
        properties.primaryEndpoints,
      ],
      [
        "Succeeded",
        "Hot",
        true,
        "TLS1_0",
        { bypass: "AzureServices", defaultAction: "Allow", virtualNetworkRules: [], ipRules: [] },
        { blob: `${plane.blobs.endpoint}/stdefaults/` },
      ],
    );
    assert.equal(JSON.stringify(body).includes('key1":"'), true, "key creation times are shown");
  });

  it("are written by one request at a time", async () => {
    const hour = 60 * 60 * 1000;
    await plane.admin("POST", "/sandbox/delays", { operationDelayMs: hour });
    assert.equal((await put(accountOf("stbusy"), standard)).status, 202);
    const busy =
      "409 StorageAccountOperationInProgress: An operation is currently performing on this storage account that requires exclusive access.";
    assert.equal(refusalOf(await put(accountOf("stbusy"), standard)), busy);
    assert.equal(refusalOf(await plane.send("DELETE", accountOf("stbusy"), version)), busy);
    await plane.clock.advance(hour);
    await plane.admin("POST", "/sandbox/delays", { operationDelayMs: 0 });
    assert.equal((await put(accountOf("stbusy"), standard)).status, 200);
  });

  it("refuse a name that is no storage account name", async () => {
    assert.equal(
      refusalOf(await put(accountOf("St-Upper"), standard)),
      "400 AccountNameInvalid: St-Upper is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.",
    );
  });

  it("refuse a name that another resource group uses", async () => {
    await put(accountOf("sttaken"), standard);
    const other = plane.group.replace("rg-access", "rg-other");
    await plane.send("PUT", other, "2024-03-01", { location: "westeurope" });
    assert.equal(
      refusalOf(await put(`${other}/providers/Microsoft.Storage/storageAccounts/sttaken`, standard)),
      "409 StorageAccountInAnotherResourceGroup: The account sttaken is already in another resource group in this subscription.",
    );
  });

  it("refuse a SKU that the kind does not have", async () => {
    for (const [kind, sku] of [
      ["BlockBlobStorage", "Standard_LRS"],
      ["StorageV2", "Premium_ZRS"],
      ["BlobStorage", "Premium_LRS"],
    ] as const) {
      assert.equal(
        refusalOf(await put(accountOf("stkind"), { ...standard, kind, sku: { name: sku } })),
        "400 InvalidValuesForRequestParameters: Values for request parameters are invalid: kind, sku.",
      );
    }
  });

  it("refuse to change what is decided at creation", async () => {
    await put(accountOf("stfixed"), standard);
    const encryption = { requireInfrastructureEncryption: true, keySource: "Microsoft.Storage" };
    for (const [property, change] of [
      ["isHnsEnabled", { properties: { isHnsEnabled: true } }],
      ["encryption.requireInfrastructureEncryption", { properties: { encryption } }],
      ["dnsEndpointType", { properties: { dnsEndpointType: "AzureDnsZone" } }],
      ["kind", { kind: "Storage" }],
      ["sku", { sku: { name: "Standard_ZRS" } }],
    ] as const) {
      assert.equal(
        refusalOf(await put(accountOf("stfixed"), { ...standard, ...change })),
        `409 AccountPropertyCannotBeUpdated: The property '${property}' was specified in the input, but it cannot be updated as it is read-only. For more information, see - https://aka.ms/storageaccountupdate`,
      );
    }
  });

  it("change their replication within a family", async () => {
    await put(accountOf("stgrow"), standard);
    const { status } = await put(accountOf("stgrow"), { ...standard, sku: { name: "Standard_RAGRS" } });
    assert.equal(status, 200);
  });

  it("refuse firewall rules for addresses that are not public", async () => {
    for (const value of ["10.1.2.3", "1.2.3.0/31", "nonsense"]) {
      const networkAcls = { defaultAction: "Deny", ipRules: [{ value }] };
      assert.equal(
        refusalOf(await put(accountOf("stfire"), { ...standard, properties: { networkAcls } })),
        "400 InvalidValuesForRequestParameters: Values for request parameters are invalid: networkAcls.ipRule[*].value.",
      );
    }
  });

  it("refuse members that they do not have", async () => {
    const odd = await put(accountOf("stodd"), { ...standard, properties: { isFast: true } });
    assert.match(refusalOf(odd), /^400 InvalidRequestContent:/);
  });

  it("keep their keys over updates, never show them, and give new ones on request", async () => {
    await put(accountOf("stkeys"), standard);
    const keys = async (): Promise<JsonObject[]> =>
      (await plane.send("POST", `${accountOf("stkeys")}/listKeys`, version)).body.keys as JsonObject[];
    const first = await keys();
    assert.deepEqual(
      first.map(({ keyName, permissions }) => [keyName, permissions]),
      [
        ["key1", "FULL"],
        ["key2", "FULL"],
      ],
    );
    const patched = await plane.send("PATCH", accountOf("stkeys"), version, { tags: { team: "ops" } });
    assert.deepEqual([patched.status, patched.body.tags], [200, { team: "ops" }]);
    assert.deepEqual(await keys(), first);
    const shown = JSON.stringify((await get(accountOf("stkeys"))).body);
    assert.equal(shown.includes(textAt(first[0], "value") ?? "no key"), false);
    await plane.send("POST", `${accountOf("stkeys")}/regenerateKey`, version, { keyName: "key1" });
    const second = await keys();
    assert.notEqual(second[0]?.value, first[0]?.value);
    assert.equal(second[1]?.value, first[1]?.value);
  });

  it("take their blobs along when they are deleted", async () => {
    await put(accountOf("stgone"), standard);
    await put(`${accountOf("stgone")}/blobServices/default/containers/logs`, {});
    await plane.blobs.append("stgone", "logs", "a", "x");
    assert.equal((await plane.send("DELETE", accountOf("stgone"), version)).status, 200);
    assert.equal((await get(accountOf("stgone"))).status, 404);
    await put(accountOf("stgone"), standard);
    assert.equal(await plane.blobs.hasBlobs("stgone", "logs"), false);
    const containers = await get(`${accountOf("stgone")}/blobServices/default/containers`);
    assert.deepEqual(containers.body.value, []);
  });
});
