import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  ActivityLogExport,
  type ActivityLogExportArgs,
} from "../../components/activity-log-export/activityLogExport.ts";
import { BastionDiagnostics } from "../../components/bastion-diagnostics/bastionDiagnostics.ts";
import { recordProgram, subscriptionId } from "./recordedProgram.ts";

const setting = "azure-native:monitor:DiagnosticSetting";
const providers = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers`;
const host = `${providers}/Microsoft.Network/bastionHosts/trail`;
const workspace = `${providers}/Microsoft.OperationalInsights/workspaces/logs`;
const account = `${providers}/Microsoft.Storage/storageAccounts/audit`;

describe("BastionDiagnostics", () => {
  it("sends the one audit category to the workspace's own table and to the archive, under a fixed name", async () => {
    const { only, result } = await recordProgram(
      () => {
        const { settingName } = new BastionDiagnostics("trail", {
          bastionHostId: host,
          workspaceId: workspace,
          storageAccountId: account,
        });
        return { settingName };
      },
      { outputs: (_type, inputs) => ({ name: inputs.name }) },
    );
    assert.deepEqual(only(setting).inputs, {
      name: "bastion-audit-logs",
      resourceUri: host,
      workspaceId: workspace,
      storageAccountId: account,
      logAnalyticsDestinationType: "Dedicated",
      logs: [{ category: "BastionAuditLogs", enabled: true }],
    });
    assert.equal(only(setting).deleteBeforeReplace, true);
    // An import reads it without the slash; another host makes another setting.
    assert.deepEqual(only(setting).ignoreChanges, ["resourceUri"]);
    assert.equal(only(setting).replacementTrigger, host.slice(1).toLowerCase());
    assert.equal(only(setting).parent, "trail");
    assert.deepEqual(result, { settingName: "bastion-audit-logs" });
  });
});

describe("ActivityLogExport", () => {
  function deploy(args: Partial<ActivityLogExportArgs>) {
    return recordProgram(() => {
      const { settingName } = new ActivityLogExport("trail-activity", {
        subscriptionId,
        workspaceId: workspace,
        storageAccountId: account,
        ...args,
      });
      return { settingName };
    });
  }

  it("sends the administrative and security events of the subscription to both sinks", async () => {
    const { only, result } = await deploy({});
    assert.deepEqual(only(setting).inputs, {
      name: "trail-activity-test",
      resourceUri: `subscriptions/${subscriptionId}`,
      workspaceId: workspace,
      storageAccountId: account,
      logs: [
        { category: "Administrative", enabled: true },
        { category: "Security", enabled: true },
      ],
    });
    assert.equal(only(setting).deleteBeforeReplace, true);
    assert.deepEqual(result, { settingName: "trail-activity-test" });
  });

  it("takes a name", async () => {
    const { result } = await deploy({ settingName: "audit" });
    assert.deepEqual(result, { settingName: "audit" });
  });

  for (const [args, message] of [
    [
      { subscriptionId: `/subscriptions/${subscriptionId}` },
      `ActivityLogExport "trail-activity": subscriptionId is "/subscriptions/${subscriptionId}"; must be a GUID, without /subscriptions/ before it.`,
    ],
    [
      { subscriptionId: "", settingName: "a/b" },
      `ActivityLogExport "trail-activity" has 2 problems:
  - subscriptionId is ""; must be a GUID, without /subscriptions/ before it.
  - settingName is "a/b"; must be 1 to 260 characters, none of * < > % : & ? \\ / +, not ending with a space or period.`,
    ],
    [
      { settingName: "audit." },
      `ActivityLogExport "trail-activity": settingName is "audit."; must be 1 to 260 characters, none of * < > % : & ? \\ / +, not ending with a space or period.`,
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(args)}`, async () => {
      await assert.rejects(deploy(args), { name: "ValidationError", message });
    });
  }

  it("refuses a destination beside a name that is known only later", async () => {
    await assert.rejects(deploy({ settingName: pulumi.output("a/b"), workspaceId: "logs" }), {
      message:
        'ActivityLogExport "trail-activity": workspaceId is "logs"; must be the ARM id of a Microsoft.OperationalInsights/workspaces resource.',
    });
  });
});
