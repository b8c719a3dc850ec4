import assert from "node:assert/strict";
import { dynamicInputs, idOf, type RegisteredResource } from "../recordedProgram.ts";
import { blobService, lifecycle, immutabilityPolicy, dynamicResource, deploy } from "./archiveProgram.ts";

describe("an immutable archive", () => {
  const containers = [
    ["trail-immutability", "insights-logs-bastionauditlogs"],
    ["trail-activity-immutability", "insights-activity-logs"],
  ] as const;
  const named = (resources: readonly RegisteredResource[], name: string) =>
    resources.find((resource) => resource.name === name)!;

  it("has no versions and no lifecycle rule", async () => {
    const { only, ofType } = await deploy({ immutability: "unlocked", immutabilityDays: 30 });
    assert.equal(only(blobService).inputs.isVersioningEnabled, false);
    assert.deepEqual(ofType(lifecycle), []);
  });

  for (const [name, containerName] of containers) {
    it(`has an unlocked policy on ${containerName} that lets Azure Monitor append`, async () => {
      const { ofType } = await deploy({ immutability: "unlocked", immutabilityDays: 30 });
      assert.equal(ofType(immutabilityPolicy).length, 2);
      const policy = named(ofType(immutabilityPolicy), name);
      assert.deepEqual(policy.inputs, {
        resourceGroupName: "rg",
        accountName: "auditk3j9x2ab",
        containerName,
        immutabilityPolicyName: "default",
        immutabilityPeriodSinceCreationInDays: 30,
        allowProtectedAppendWrites: true,
      });
      assert.deepEqual(policy.ignoreChanges, []);
      assert.deepEqual(policy.beforeUpdate, [`AuditArchive trail keeps-${name}`]);
      assert.equal(policy.retainOnDelete, true);
    });

    it(`locks the policy on ${containerName} by a resource of its own, which also lengthens it`, async () => {
      const { ofType } = await deploy({ immutability: "locked", immutabilityDays: 365 });
      assert.deepEqual(named(ofType(immutabilityPolicy), name).ignoreChanges, [
        "immutabilityPeriodSinceCreationInDays",
        "allowProtectedAppendWrites",
      ]);
      const lock = named(ofType(dynamicResource), `${name}-lock`);
      assert.deepEqual(dynamicInputs(lock), { policyId: idOf(name), days: 365 });
      assert.ok(lock.dependsOn.includes(name));
    });
  }

  it("creates the container of the activity log, if Azure Monitor has not, before its policy", async () => {
    const { only, ofType } = await deploy({ immutability: "unlocked", immutabilityDays: 30 });
    const container = only(dynamicResource);
    assert.equal(container.name, "trail-activity-container");
    assert.deepEqual(dynamicInputs(container), {
      containerId: `${idOf("trail-account")}/blobServices/default/containers/insights-activity-logs`,
    });
    assert.ok(named(ofType(immutabilityPolicy), "trail-activity-immutability").dependsOn.includes(container.name));
  });

  it("leaves that container out where the activity log is not exported to it", async () => {
    const { only, ofType } = await deploy({
      immutability: "unlocked",
      immutabilityDays: 30,
      holdsActivityLog: false,
    });
    assert.equal(only(immutabilityPolicy).name, "trail-immutability");
    assert.deepEqual(ofType(dynamicResource), []);
  });
});
