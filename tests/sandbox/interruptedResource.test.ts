import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../sandbox/arm/json.ts";
import { findInterruptedResource } from "../../sandbox/interruptedResource.ts";
import { identity, startFakeArm } from "./bridge/fakeArm.ts";
import { forEachTest, temporaryFolder } from "../held.ts";

const group = `/subscriptions/${identity.subscriptionId}/resourceGroups/rg`;
const account = { resourceGroupName: "rg", accountName: "sa" };
const blobService = `${group}/providers/Microsoft.Storage/storageAccounts/sa/blobServices/default`;
const policy = `${blobService}/containers/c/immutabilityPolicies/default`;
const policyInputs = { ...account, containerName: "c", immutabilityPolicyName: "default" };

describe("a resource whose creation was interrupted", () => {
  const folder = forEachTest(temporaryFolder);
  const arm = forEachTest(startFakeArm);
  beforeEach(() => {
    writeFileSync(join(folder.path, "ca.pem"), arm.ca);
  });

  const find = (type: string, inputs: JsonObject): Promise<string | undefined> =>
    findInterruptedResource(
      {
        ...identity,
        armEndpoint: arm.endpoint,
        caFile: join(folder.path, "ca.pem"),
        armPort: 0,
        blobPort: 0,
        bridgePort: 0,
        dynamicProviderPort: 0,
        storageConnectionString: "",
        adminToken: "",
      },
      {
        urn: `urn:pulumi:s::p::azure-native:${type}::x`,
        type: type.startsWith("random") ? type : `azure-native:${type}`,
        inputs,
      },
    );
  const has = (id: string, properties: JsonObject): void => {
    arm.hold({ id, properties });
  };

  it("is taken over where Azure has it", async () => {
    const id = `${group}/providers/Microsoft.Storage/storageAccounts/sa`;
    has(id, { provisioningState: "Succeeded" });
    assert.equal(await find("storage:StorageAccount", account), id);
  });

  it("is made again where Azure has none", async () => {
    assert.equal(await find("storage:StorageAccount", account), undefined);
  });

  it("is made again where it is always there, since nobody can tell whether the creation arrived", async () => {
    has(blobService, { isVersioningEnabled: false });
    assert.equal(await find("storage:BlobServiceProperties", { ...account, blobServicesName: "default" }), undefined);
  });

  it("is made again where Azure shows an empty one in its place, and taken over where it is not empty", async () => {
    has(policy, { immutabilityPeriodSinceCreationInDays: 0, state: "Deleted" });
    assert.equal(await find("storage:BlobContainerImmutabilityPolicy", policyInputs), undefined);
    has(policy, { immutabilityPeriodSinceCreationInDays: 7, state: "Unlocked" });
    assert.equal(await find("storage:BlobContainerImmutabilityPolicy", policyInputs), policy);
  });

  it("is another provider's own affair when it is not azure-native's", async () => {
    assert.equal(await find("random:index:RandomString", {}), undefined);
    assert.deepEqual(arm.seen, []);
  });
});
