import assert from "node:assert/strict";
import {
  type EvidenceSettings,
  leftBehind,
  removalLosses,
  retentionLosses,
} from "../../../components/evidence-group/evidenceLosses.ts";
import { describeProblem } from "../../../components/shared/problem.ts";

const kept: EvidenceSettings = {
  audit: true,
  activityLogExport: true,
  sessionRecording: false,
  archiveRetentionDays: 365,
  workspaceRetentionDays: 90,
};
const account = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Storage/storageAccounts/central";
const workspace = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.OperationalInsights/workspaces/central";
const host = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/bastionHosts/hub";

describe("a change of the evidence of a deployment", () => {
  const losses = (before: Partial<EvidenceSettings>, after: Partial<EvidenceSettings>) => {
    const [from, to] = [
      { ...kept, ...before },
      { ...kept, ...before, ...after },
    ];
    return [...removalLosses(from, to), ...retentionLosses(from, to)].map(describeProblem);
  };

  describe("loses", () => {
    it("logs that are kept for a shorter time", () => {
      assert.deepEqual(losses({}, { archiveRetentionDays: 1, workspaceRetentionDays: 30 }), [
        "archiveRetentionDays is 1; it was 365: the archive would delete logs after 1 day instead of 365 days",
        "workspaceRetentionDays is 30; it was 90: the workspace would delete logs after 30 days instead of 90 days",
      ]);
    });

    it("flow logs that go, go to fewer places or stay for a shorter time", () => {
      const both = { flowLogs: "archive-and-workspace", flowLogRetentionDays: 365 } as const;
      const archive = { ...both, flowLogs: "archive" } as const;
      const gone = "Azure would delete the storage account with all flow logs";
      assert.deepEqual(losses(both, { flowLogs: "off", flowLogRetentionDays: undefined }), [
        `flowLogs is "off"; it was archive-and-workspace: ${gone}`,
      ]);
      assert.deepEqual(losses(archive, { flowLogs: "off", flowLogRetentionDays: undefined }), [
        `flowLogs is "off"; it was archive: ${gone}`,
      ]);
      assert.deepEqual(losses(both, { flowLogs: "archive" }), [
        'flowLogs is "archive"; it was archive-and-workspace: flows would no longer be written to the workspace',
      ]);
      assert.deepEqual(losses(archive, { flowLogRetentionDays: 30 }), [
        "flowLogRetentionDays is 30; it was 365: the archive would delete logs after 30 days instead of 365 days",
      ]);
      // Also where no other logs are kept.
      const alone = { ...archive, audit: false, activityLogExport: false };
      assert.deepEqual(losses(alone, { flowLogRetentionDays: 30 }), [
        "flowLogRetentionDays is 30; it was 365: the archive would delete logs after 30 days instead of 365 days",
      ]);
      assert.deepEqual(losses({}, archive), []);
      assert.deepEqual(losses(archive, { ...both, flowLogRetentionDays: 400 }), []);
    });

    it("an immutability that is looser", () => {
      const immutable = { archiveRetentionDays: undefined, immutability: "unlocked", immutabilityDays: 30 } as const;
      assert.deepEqual(losses(immutable, { immutabilityDays: 7 }), [
        "immutabilityDays is 7; it was 30: logs could be changed and deleted after 7 days instead of 30 days",
      ]);
      assert.deepEqual(losses(immutable, { immutability: "locked", immutabilityDays: 7 }), [
        "immutabilityDays is 7; it was 30: logs could be changed and deleted after 7 days instead of 30 days",
      ]);
      assert.deepEqual(losses(immutable, { immutability: undefined, immutabilityDays: undefined }), [
        "immutability is missing; it was unlocked: logs in the archive could be changed, and deleted before their time",
      ]);
    });

    it("logs that are no longer collected", () => {
      assert.deepEqual(losses({}, { audit: false }), [
        "audit is false; it was true: the Bastion audit logs would no longer be collected",
      ]);
      assert.deepEqual(losses({}, { activityLogExport: false }), [
        "activityLogExport is false; it was true: JIT requests would no longer be exported",
      ]);
    });

    it("the stores that go with the last of the logs", () => {
      const effect = "and Azure would delete the archive and the workspace with all logs";
      assert.deepEqual(losses({}, { audit: false, activityLogExport: false }), [
        `audit is false; it was true: the Bastion audit logs would no longer be collected, ${effect}`,
        `activityLogExport is false; it was true: JIT requests would no longer be exported, ${effect}`,
      ]);
      assert.deepEqual(losses({ activityLogExport: false, existingStorageAccountId: account }, { audit: false }), [
        "audit is false; it was true: the Bastion audit logs would no longer be collected, and Azure would delete the workspace with all logs",
      ]);
      assert.deepEqual(
        losses(
          { activityLogExport: false, existingStorageAccountId: account, existingWorkspaceId: workspace },
          { audit: false },
        ),
        ["audit is false; it was true: the Bastion audit logs would no longer be collected"],
      );
    });

    it("a store of the stack's own that gives way to an adopted one", () => {
      assert.deepEqual(losses({}, { existingStorageAccountId: account, existingWorkspaceId: workspace }), [
        `existingStorageAccountId is "${account}"; Azure would delete the archive that this stack created, with all logs in it`,
        `existingWorkspaceId is "${workspace}"; Azure would delete the workspace that this stack created, with all logs in it`,
      ]);
    });

    it("recordings", () => {
      assert.deepEqual(losses({ sessionRecording: true }, { sessionRecording: false }), [
        "sessionRecording is false; it was true: Azure would delete the storage account with all recordings",
      ]);
    });

    it("the audit logs of an adopted host that is given up", () => {
      assert.deepEqual(losses({ existingBastionHostId: host }, { existingBastionHostId: undefined }), [
        `existingBastionHostId is missing; it was ${host}: the audit logs of that host would no longer be collected`,
      ]);
      assert.equal(losses({ existingBastionHostId: host }, { existingBastionHostId: `${host}2` }).length, 1);
      assert.deepEqual(losses({ existingBastionHostId: host }, { existingBastionHostId: undefined, audit: false }), [
        "audit is false; it was true: the Bastion audit logs would no longer be collected",
      ]);
    });
  });

  describe("loses nothing", () => {
    for (const [what, before, after] of [
      ["when nothing changes", {}, {}],
      ["when logs are kept longer", {}, { archiveRetentionDays: 366, workspaceRetentionDays: 730 }],
      [
        "when the archive becomes immutable, in which nothing is ever deleted",
        {},
        { archiveRetentionDays: undefined, immutability: "unlocked", immutabilityDays: 7 },
      ],
      [
        "when logs are kept for a shorter time than a setting said that no log used",
        { audit: false, activityLogExport: false },
        { audit: true, archiveRetentionDays: 30, workspaceRetentionDays: 30 },
      ],
      [
        "when the days of a locked policy are fewer, which the archive itself refuses",
        { archiveRetentionDays: undefined, immutability: "locked", immutabilityDays: 30 },
        { immutabilityDays: 7 },
      ],
      ["when more is collected", { audit: false, sessionRecording: false }, { audit: true, sessionRecording: true }],
      [
        "when an adopted id is spelled differently",
        { existingBastionHostId: host },
        { existingBastionHostId: host.toUpperCase() },
      ],
      [
        "when an adopted store is exchanged",
        { existingStorageAccountId: account },
        { existingStorageAccountId: "/other" },
      ],
      ["when a host is adopted in the place of the stack's own", {}, { existingBastionHostId: host }],
      [
        "when an adopted host was not audited",
        { audit: false, existingBastionHostId: host },
        { existingBastionHostId: "/x" },
      ],
    ] as const) {
      it(what, () => {
        assert.deepEqual(losses(before, after), []);
      });
    }
  });

  it("names what stays where the outputs no longer lead", () => {
    const adopted = { ...kept, existingStorageAccountId: account, existingWorkspaceId: workspace };
    assert.deepEqual(leftBehind(adopted, { ...kept, existingWorkspaceId: workspace.toUpperCase() }), [
      `Earlier logs stay in the storage account ${account}, which the outputs no longer name.`,
    ]);
    assert.deepEqual(leftBehind(adopted, { ...adopted, existingWorkspaceId: "/other" }), [
      `Earlier logs stay in the workspace ${workspace}, which the outputs no longer name.`,
    ]);
    assert.deepEqual(leftBehind({ ...kept }, { ...kept, existingBastionHostId: host }), [
      "Earlier audit logs stay in the archive, in the folder of the Bastion host that this stack created; the outputs name the adopted host's.",
    ]);
    assert.deepEqual(leftBehind({ ...kept }, { ...kept }), []);
    assert.deepEqual(leftBehind({}, adopted), []);
  });
});
