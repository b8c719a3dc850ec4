import assert from "node:assert/strict";
import { refusalOf } from "../../plane.ts";
import { standard, storageForSuite, propertiesOf } from "./storageFixture.ts";

describe("the blob service of a storage account", () => {
  const { accountOf, put, get } = storageForSuite();
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

  it("has no other name", async () => {
    assert.match(refusalOf(await get(`${accountOf("stservice")}/blobServices/other`)), /^404 ResourceNotFound:/);
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
