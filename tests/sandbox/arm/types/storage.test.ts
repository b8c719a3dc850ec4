import assert from "node:assert/strict";
import { BlobServiceClient, type StoragePipelineOptions } from "@azure/storage-blob";
import { textAt } from "../../../../sandbox/arm/bodies.ts";
import type { JsonObject } from "../../../../sandbox/arm/json.ts";
import { startAuditPlane, type Answer } from "../../auditPlane.ts";
import { forSuite } from "../../../held.ts";
import { refusalOf } from "../plane.ts";

const version = "2024-01-01";
const standard = { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } };

describe("Microsoft.Storage", () => {
  const plane = forSuite(startAuditPlane);
  const accountOf = (name: string): string => `${plane.group}/providers/Microsoft.Storage/storageAccounts/${name}`;
  const put = (path: string, body: JsonObject): Promise<Answer> => plane.send("PUT", path, version, body);
  const get = (path: string): Promise<Answer> => plane.send("GET", path, version);
  const propertiesOf = ({ body }: Answer): JsonObject => body.properties as JsonObject;

  describe("storage accounts", () => {
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

  describe("the blob service", () => {
    const service = (name: string): string => `${accountOf(name)}/blobServices/default`;
    before(async () => {
      await put(accountOf("stservice"), standard);
    });

    it("is there without a PUT", async () => {
      const { status, body } = await get(service("stservice"));
      assert.deepEqual(
        [status, body.properties],
        [200, { cors: { corsRules: [] }, deleteRetentionPolicy: { allowPermanentDelete: false, enabled: false } }],
      );
    });

    it("takes versioning, soft delete and CORS", async () => {
      const properties = {
        isVersioningEnabled: true,
        deleteRetentionPolicy: { enabled: true, days: 7 },
        cors: {
          corsRules: [
            {
              allowedHeaders: ["*"],
              allowedMethods: ["GET"],
              allowedOrigins: ["https://bst-1.bastion.azure.com"],
              exposedHeaders: ["*"],
              maxAgeInSeconds: 86_400,
            },
          ],
        },
      };
      const answer = await put(service("stservice"), { properties });
      assert.equal(answer.status, 200);
      assert.deepEqual(propertiesOf(await get(service("stservice"))), properties);
    });

    it("refuses soft delete without days, and restore without what it needs", async () => {
      for (const [properties, reason] of [
        [
          { deleteRetentionPolicy: { enabled: true } },
          "deleteRetentionPolicy.days is required when deleteRetentionPolicy.enabled is true",
        ],
        [
          { restorePolicy: { enabled: true, days: 5 } },
          "restorePolicy needs deleteRetentionPolicy, changeFeed and isVersioningEnabled to be enabled",
        ],
      ] as const) {
        assert.equal(
          refusalOf(await put(service("stservice"), { properties })),
          `400 InvalidRequestPropertyValue: The blob service properties are invalid: ${reason}.`,
        );
      }
    });

    it("refuses versioning on a hierarchical namespace", async () => {
      await put(accountOf("sthns"), { ...standard, properties: { isHnsEnabled: true } });
      assert.equal(
        refusalOf(await put(service("sthns"), { properties: { isVersioningEnabled: true } })),
        "409 FeatureNotSupportedForAccount: Versioning is not supported for the account.",
      );
    });
  });

  describe("containers", () => {
    const container = (name: string): string => `${accountOf("stcontain")}/blobServices/default/containers/${name}`;
    before(async () => {
      await put(accountOf("stcontain"), standard);
    });

    it("exist at the blob server as soon as ARM has them, and no longer than that", async () => {
      assert.equal((await put(container("data"), {})).status, 201);
      const keys = (await plane.send("POST", `${accountOf("stcontain")}/listKeys`, version)).body.keys as JsonObject[];
      const options: StoragePipelineOptions & { tlsOptions: { ca: string } } = { tlsOptions: { ca: plane.tls.ca } };
      const client = BlobServiceClient.fromConnectionString(
        plane.blobs.connectionString("stcontain", textAt(keys[0], "value") ?? ""),
        options,
      ).getContainerClient("data");
      assert.equal(await client.exists(), true);
      assert.equal((await plane.send("DELETE", container("data"), version)).status, 200);
      assert.equal(await client.exists(), false);
    });

    it("refuse a bad name and public access", async () => {
      assert.equal(
        refusalOf(await put(container("Data"), {})),
        "400 InvalidResourceName: The specifed resource name contains invalid characters.",
      );
      assert.equal(
        refusalOf(await put(container("open"), { properties: { publicAccess: "Blob" } })),
        "409 PublicAccessNotPermitted: Public access is not permitted on this storage account.",
      );
    });
  });
});
