import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AuditWorkspace, type AuditWorkspaceArgs } from "../../../components/audit-workspace/auditWorkspace.ts";
import { impossibleWorkspaceChanges, workspaceLosses } from "../../../components/audit-workspace/workspaceRules.ts";
import { idOf, recordProgram, subscriptionId } from "../recordedProgram.ts";

const workspace = "azure-native:operationalinsights:Workspace";
const existing = `/subscriptions/${subscriptionId}/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/central`;

function deploy(args: Partial<AuditWorkspaceArgs>) {
  return recordProgram(
    () => {
      const { workspaceId, customerId, name } = new AuditWorkspace("trail", {
        resourceGroupName: "rg",
        location: "westeurope",
        ...args,
      });
      return { workspaceId, customerId, name };
    },
    {
      outputs: (type, inputs) => (type === workspace ? { name: inputs.workspaceName, customerId: "c0ffee" } : {}),
      functions: {
        "azure-native:operationalinsights:getWorkspace": () => ({ id: existing, name: "central", customerId: "beef" }),
      },
    },
  );
}

describe("AuditWorkspace", () => {
  it("creates a pay-as-you-go workspace that keeps logs for 90 days", async () => {
    const { only, result } = await deploy({ tags: { owner: "security" } });
    const { inputs, parent } = only(workspace);
    assert.deepEqual(inputs, {
      resourceGroupName: "rg",
      workspaceName: "trail",
      location: "westeurope",
      sku: { name: "PerGB2018" },
      retentionInDays: 90,
      tags: { owner: "security" },
    });
    assert.equal(parent, "trail");
    assert.deepEqual(result, { workspaceId: idOf("trail-workspace"), customerId: "c0ffee", name: "trail" });
  });

  it("takes a name and a retention", async () => {
    const { only } = await deploy({ workspaceName: "audit-logs", retentionDays: 730 });
    assert.equal(only(workspace).inputs.workspaceName, "audit-logs");
    assert.equal(only(workspace).inputs.retentionInDays, 730);
  });

  it("records what a later deployment is compared with", async () => {
    const component = (await deploy({})).only("bastion-trail:index:AuditWorkspace");
    assert.deepEqual(component.inputs, { resourceGroupName: "rg", location: "westeurope", workspaceName: "trail" });
    assert.deepEqual(component.beforeUpdate, ["AuditWorkspace trail keeps-evidence"]);
    assert.deepEqual((await deploy({})).only(workspace).beforeUpdate, ["AuditWorkspace trail keeps-retention"]);
    const adopted = (await deploy({ existingWorkspaceId: existing })).only("bastion-trail:index:AuditWorkspace");
    assert.deepEqual(adopted.inputs, { resourceGroupName: "rg", existingWorkspaceId: existing });
  });

  it("does not move once it is deployed", () => {
    const before = { resourceGroupName: "rg", location: "westeurope", workspaceName: "trail" };
    const reason = (was: string, wanted: string) =>
      `it was ${was}, and the workspace cannot move: Azure would delete it with all evidence in it. Set it back, and deploy ${wanted} as a stack of its own or after destroying this one`;
    assert.deepEqual(
      impossibleWorkspaceChanges(before, { resourceGroupName: "rg2", location: "eastus", workspaceName: "logs" }),
      [
        { key: "location", value: "eastus", reason: reason("westeurope", "eastus") },
        { key: "resourceGroupName", value: "rg2", reason: reason("rg", "rg2") },
        { key: "workspaceName", value: "logs", reason: reason("trail", "logs") },
      ],
    );
    assert.deepEqual(impossibleWorkspaceChanges({ existingWorkspaceId: existing }, before), []);
    assert.deepEqual(impossibleWorkspaceChanges({}, before), []);
  });

  it("loses its logs when another one is adopted in its place", () => {
    const before = { resourceGroupName: "rg", location: "westeurope", workspaceName: "trail" };
    assert.deepEqual(workspaceLosses(before, { existingWorkspaceId: existing }), [
      {
        key: "existingWorkspaceId",
        value: existing,
        reason: "Azure would delete the workspace that this stack created, with all logs in it",
      },
    ]);
    assert.deepEqual(workspaceLosses({ existingWorkspaceId: existing }, before), []);
    assert.deepEqual(workspaceLosses({ existingWorkspaceId: existing }, { existingWorkspaceId: "/other" }), []);
  });

  it("is locked where that is asked for", async () => {
    const { only } = await deploy({ lock: "CanNotDelete" });
    assert.deepEqual(only("azure-native:authorization:ManagementLockByScope").inputs, {
      scope: idOf("trail-workspace"),
      lockName: "trail-workspace-lock",
      level: "CanNotDelete",
      notes: "Holds the audit logs of Azure Bastion.",
    });
  });

  it("adopts a workspace and leaves it as it is", async () => {
    const { resources, calls, result } = await deploy({ existingWorkspaceId: existing, lock: "CanNotDelete" });
    assert.deepEqual(
      resources.map(({ type }) => type),
      ["bastion-trail:index:AuditWorkspace"],
    );
    assert.deepEqual(calls, [
      {
        token: "azure-native:operationalinsights:getWorkspace",
        inputs: { resourceGroupName: "logs", workspaceName: "central" },
      },
    ]);
    assert.deepEqual(result, { workspaceId: existing, customerId: "beef", name: "central" });
  });

  for (const [args, message] of [
    [
      { retentionDays: 29 },
      `AuditWorkspace "trail": retentionDays is 29; must be a whole number of days from 30 to 730.`,
    ],
    [
      { retentionDays: 731 },
      `AuditWorkspace "trail": retentionDays is 731; must be a whole number of days from 30 to 730.`,
    ],
    [
      { retentionDays: 30.5 },
      `AuditWorkspace "trail": retentionDays is 30.5; must be a whole number of days from 30 to 730.`,
    ],
    [
      { workspaceName: "-x-", retentionDays: 1 },
      `AuditWorkspace "trail" has 2 problems:
  - workspaceName is "-x-"; must be 4 to 63 letters, digits and hyphens, starting and ending with a letter or digit.
  - retentionDays is 1; must be a whole number of days from 30 to 730.`,
    ],
    [
      { existingWorkspaceId: "central" },
      `AuditWorkspace "trail": existingWorkspaceId is "central"; must be the ARM id of a Microsoft.OperationalInsights/workspaces resource.`,
    ],
    [
      { existingWorkspaceId: existing, workspaceName: "mine", retentionDays: 90 },
      `AuditWorkspace "trail" has 2 problems:
  - workspaceName is "mine"; not allowed with existingWorkspaceId: an adopted workspace keeps its own settings.
  - retentionDays is 90; not allowed with existingWorkspaceId: an adopted workspace keeps its own settings.`,
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(args)}`, async () => {
      await assert.rejects(deploy(args), { name: "ValidationError", message });
    });
  }

  it("refuses a retention beside a name that is known only later", async () => {
    await assert.rejects(deploy({ workspaceName: pulumi.output("-"), retentionDays: 7 }), {
      message: 'AuditWorkspace "trail": retentionDays is 7; must be a whole number of days from 30 to 730.',
    });
  });

  it("adopts a workspace whose id is known only later", async () => {
    const { result } = await deploy({ existingWorkspaceId: pulumi.output(existing) });
    assert.equal(result.workspaceId, existing);
  });
});
