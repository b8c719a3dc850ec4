import assert from "node:assert/strict";
import { EvidenceGroup, groupMoveProblems } from "../../components/evidenceGroup.ts";
import { recordingMoveProblems } from "../../components/recordingContainer.ts";
import { recordProgram } from "./recordedProgram.ts";

describe("EvidenceGroup", () => {
  function deploy() {
    return recordProgram(
      () => {
        const { name } = new EvidenceGroup("trail", {
          resourceGroupName: "rg-trail",
          location: "westeurope",
          holdsEvidence: true,
          tags: { owner: "security" },
        });
        return { name };
      },
      { outputs: (_type, inputs) => ({ name: inputs.resourceGroupName }) },
    );
  }

  it("is a resource group", async () => {
    const { only, result } = await deploy();
    const group = only("azure-native:resources:ResourceGroup");
    assert.deepEqual(group.inputs, {
      resourceGroupName: "rg-trail",
      location: "westeurope",
      tags: { owner: "security" },
    });
    assert.equal(group.parent, "trail");
    assert.deepEqual(result, { name: "rg-trail" });
  });

  it("records what a later deployment is compared with", async () => {
    const { only } = await deploy();
    const component = only("bastion-trail:index:EvidenceGroup");
    assert.deepEqual(component.inputs, {
      resourceGroupName: "rg-trail",
      location: "westeurope",
      holdsEvidence: true,
    });
    assert.deepEqual(component.beforeUpdate, ["trail-keeps-evidence"]);
  });
});

describe("a resource group that holds evidence", () => {
  const before = { location: "westeurope", resourceGroupName: "rg-trail", holdsEvidence: true };

  it("refuses to move", () => {
    const reason = (was: string, wanted: string) =>
      `the archive's resource group was made with ${was} and cannot move: Azure would delete it with all the evidence in it. Keep ${was}, and deploy ${wanted} as a stack of its own or after this one is destroyed`;
    assert.deepEqual(groupMoveProblems(before, { ...before, location: "eastus", resourceGroupName: "rg-2" }), [
      { key: "location", value: "eastus", reason: reason("westeurope", "eastus") },
      { key: "resourceGroupName", value: "rg-2", reason: reason("rg-trail", "rg-2") },
    ]);
  });

  it("refuses to move also while the evidence is given up, because it is still there", () => {
    assert.equal(groupMoveProblems(before, { ...before, location: "eastus", holdsEvidence: false }).length, 1);
  });

  it("accepts what is the same to Azure", () => {
    assert.deepEqual(
      groupMoveProblems(before, { ...before, location: "West Europe", resourceGroupName: "RG-Trail" }),
      [],
    );
  });

  it("moves when it never held any", () => {
    assert.deepEqual(groupMoveProblems({ ...before, holdsEvidence: false }, { ...before, location: "eastus" }), []);
  });
});

describe("deployed recordings", () => {
  it("refuse to move", () => {
    const before = { location: "westeurope", containerName: "a" };
    assert.deepEqual(
      recordingMoveProblems(before, { location: "eastus", containerName: "b" }).map(({ key }) => key),
      ["location", "containerName"],
    );
    assert.deepEqual(recordingMoveProblems(before, before), []);
  });
});
