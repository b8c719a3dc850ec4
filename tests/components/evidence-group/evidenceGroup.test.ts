import assert from "node:assert/strict";
import {
  EvidenceGroup,
  impossibleGroupChanges,
  lossesOfGroup,
} from "../../../components/evidence-group/evidenceGroup.ts";
import { recordingMoveProblems } from "../../../components/session-recording/recordingContainer.ts";
import { recordProgram, subscriptionId } from "../recordedProgram.ts";

describe("EvidenceGroup", () => {
  function deploy() {
    return recordProgram(
      () => {
        const { name } = new EvidenceGroup("trail", {
          resourceGroupName: "rg-trail",
          location: "westeurope",
          subscriptionId,
          holdsEvidence: true,
          evidence: { audit: true, activityLogExport: true, sessionRecording: false },
          vms: [{ name: "web" }],
          allowEvidenceLoss: true,
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
      subscriptionId,
      holdsEvidence: true,
      evidence: { audit: true, activityLogExport: true, sessionRecording: false },
      vms: [{ name: "web" }],
    });
    assert.deepEqual(component.beforeUpdate, [
      "EvidenceGroup trail keeps-evidence",
      "EvidenceGroup trail leaves-evidence",
      "EvidenceGroup trail notes-move",
    ]);
  });
});

describe("a resource group that holds evidence", () => {
  const before = { location: "westeurope", resourceGroupName: "rg-trail", subscriptionId, holdsEvidence: true };

  it("refuses to move", () => {
    const reason = (was: string, wanted: string) =>
      `it was ${was}, and the resource group of the evidence cannot move: Azure would delete it with all evidence in it. Set it back, and deploy ${wanted} as a stack of its own or after destroying this one`;
    assert.deepEqual(impossibleGroupChanges(before, { ...before, location: "eastus", resourceGroupName: "rg-2" }), [
      { key: "location", value: "eastus", reason: reason("westeurope", "eastus") },
      { key: "resourceGroupName", value: "rg-2", reason: reason("rg-trail", "rg-2") },
    ]);
    assert.deepEqual(impossibleGroupChanges(before, { ...before, subscriptionId: "t" }), [
      { key: "subscriptionId", value: "t", reason: reason(subscriptionId, "t") },
    ]);
    assert.deepEqual(impossibleGroupChanges({ ...before, subscriptionId: undefined }, before), []);
  });

  it("refuses to move also while the evidence is given up, because it is still there", () => {
    assert.equal(impossibleGroupChanges(before, { ...before, location: "eastus", holdsEvidence: false }).length, 1);
  });

  it("accepts what is the same to Azure", () => {
    assert.deepEqual(
      impossibleGroupChanges(before, { ...before, location: "West Europe", resourceGroupName: "RG-Trail" }),
      [],
    );
  });

  it("moves when it never held any", () => {
    assert.deepEqual(
      impossibleGroupChanges({ ...before, holdsEvidence: false }, { ...before, location: "eastus" }),
      [],
    );
  });
});

describe("a group of VMs", () => {
  const vms = (...names: string[]) => ({ vms: names.map((name) => ({ name })) });

  it("refuses to rename one only by case", () => {
    assert.deepEqual(impossibleGroupChanges(vms("web", "desk"), vms("desk", "Web")), [
      {
        key: "vms[1].name",
        value: "Web",
        reason: "it was web, and Azure does not distinguish the two; keep web, or remove the VM before adding it again",
      },
    ]);
  });

  it("accepts VMs that come, go and change places", () => {
    assert.deepEqual(impossibleGroupChanges(vms("web", "desk"), vms("db", "web")), []);
    assert.deepEqual(impossibleGroupChanges({}, vms("web")), []);
    assert.deepEqual(impossibleGroupChanges(vms("web"), {}), []);
  });
});

describe("a group that was deployed before it recorded the settings of the evidence", () => {
  it("refuses to give up all evidence", () => {
    const evidence = { audit: false, activityLogExport: false, sessionRecording: false };
    assert.deepEqual(lossesOfGroup({ holdsEvidence: true }, { holdsEvidence: false, evidence }), [
      {
        key: "holdsEvidence",
        value: false,
        reason: "it was true: Azure would delete the logs and recordings in the group",
      },
    ]);
    assert.deepEqual(lossesOfGroup({ holdsEvidence: true }, { holdsEvidence: true, evidence }), []);
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
