import assert from "node:assert/strict";
import type { ImmutabilityPolicy } from "../../../../cli/azure/storageAccount.ts";
import { sendsAudit } from "../../../../cli/commands/doctor/archives.ts";
import { judgeActivity } from "../../../../cli/commands/doctor/checks/activity.ts";
import { judgeArchive } from "../../../../cli/commands/doctor/checks/archive.ts";
import { judgeDiagnostics, type HostRoutes } from "../../../../cli/commands/doctor/checks/diagnostics.ts";
import { judgeImmutability } from "../../../../cli/commands/doctor/checks/immutability.ts";
import { judgeRecords, type HostRecords } from "../../../../cli/commands/doctor/checks/records.ts";
import { account, accountId, bare, host, hostId, now, setting, subscriptionId, told, workspaceId } from "./fixture.ts";

describe("the check of diagnostic settings", () => {
  const judge = (
    routes: Partial<HostRoutes>,
    expected: { account?: string; workspace?: string } = {},
  ): [string, string][] => {
    const hosts = [{ host, settings: [setting()], missing: new Set<string>(), ...routes }];
    return told(judgeDiagnostics({ hosts, expected: { account: undefined, workspace: undefined, ...expected } }));
  };

  it("passes one that sends to both, and two that send to one each", () => {
    assert.deepEqual(judge({}, { account: accountId.toUpperCase(), workspace: workspaceId }), []);
    const two = [setting({ workspaceId: null }), setting({ name: "other", storageAccountId: null })];
    assert.deepEqual(judge({ settings: two }), []);
  });

  it("knows the category and the groups that hold it", () => {
    for (const name of ["bastionauditlogs", "audit", "alllogs"]) {
      assert.equal(sendsAudit(setting({ enabled: [name] })), true);
    }
    assert.equal(sendsAudit(setting({ enabled: ["allmetrics"] })), false);
  });

  it("reports that nothing is sent, and by which settings", () => {
    assert.deepEqual(judge({ settings: [] }), [
      ["audit-not-sent", "No diagnostic setting sends the audit logs of bas."],
    ]);
    assert.deepEqual(judge({ settings: [setting({ enabled: [] })] }), [
      [
        "audit-not-sent",
        "No diagnostic setting sends the audit logs of bas: audit does not have BastionAuditLogs switched on.",
      ],
    ]);
  });

  it("fills the command in with what is known", () => {
    const facts = { hosts: [{ host, settings: [], missing: new Set<string>() }] };
    const fix = (account?: string) =>
      judgeDiagnostics({ ...facts, expected: { account, workspace: undefined } }).findings[0]!.fix;
    assert.equal(
      fix(accountId),
      `az monitor diagnostic-settings create --name audit --resource ${hostId} --storage-account ${accountId} --workspace WORKSPACE_ID --export-to-resource-specific true --logs '[{"category":"BastionAuditLogs","enabled":true}]' # in the stack: pulumi up --refresh`,
    );
    assert.match(fix(), /--storage-account STORAGE_ACCOUNT_ID /);
  });

  it("reports the sink that is left out", () => {
    assert.deepEqual(judge({ settings: [setting({ storageAccountId: null })] }), [
      ["audit-not-archived", "The audit logs of bas go to no storage account (audit)."],
    ]);
    assert.deepEqual(judge({ settings: [setting({ workspaceId: null })] }), [
      ["audit-not-in-workspace", "The audit logs of bas go to no workspace (audit)."],
    ]);
  });

  it("reports a sink that does not exist", () => {
    assert.deepEqual(judge({ missing: new Set([accountId.toLowerCase()]) }), [
      ["sink-missing", "audit sends the audit logs of bas to the storage account logs, which does not exist."],
    ]);
  });

  it("reports other sinks than the stack's", () => {
    const other = accountId.replace(/logs$/, "mine");
    assert.deepEqual(judge({}, { account: other, workspace: `${workspaceId}2` }), [
      ["sink-elsewhere", "The audit logs of bas go to the storage account logs, and not to the stack's mine."],
      ["sink-elsewhere", "The audit logs of bas go to the workspace law, and not to the stack's law2."],
    ]);
  });

  it("reports the shared table if Azure says so, and not if it says nothing", () => {
    assert.deepEqual(judge({ settings: [setting({ destinationType: "AzureDiagnostics" })] }), [
      ["audit-in-shared-table", "audit puts the audit logs of bas into the table AzureDiagnostics."],
    ]);
    assert.deepEqual(judge({ settings: [setting({ destinationType: null })] }), []);
  });
});

describe("the check of the archive", () => {
  const judge = (more: Partial<typeof account>) =>
    judgeArchive({ archives: [{ host, account: { ...account, ...more }, setting: "audit" }] });

  it("passes one in the host's region", () => {
    assert.deepEqual(judge({}), { findings: [], seen: "Archive: logs (westeurope)." });
  });

  it("reports another region, and how to get one in the right region", () => {
    const [finding] = judge({ location: "northeurope" }).findings;
    assert.deepEqual(
      [finding?.code, finding?.message],
      ["archive-in-other-region", "The archive logs is in northeurope, and the Bastion host bas in westeurope."],
    );
    assert.deepEqual(finding?.fix.split("\n"), [
      `az storage account create --name NEW_NAME --resource-group rg --subscription ${subscriptionId} --location westeurope --sku Standard_LRS --kind StorageV2`,
      `az monitor diagnostic-settings update --name audit --resource ${hostId} --storage-account-id NEW_ID # the old records stay where they are`,
    ]);
  });

  it("reports a firewall that keeps Azure Monitor out, once for an account", () => {
    const shut = { host, account: { ...account, letsServicesIn: false }, setting: "audit" };
    assert.deepEqual(told(judgeArchive({ archives: [shut, { ...shut, host: { ...host, name: "two" } }] })), [
      ["archive-shut", "The firewall of logs keeps Azure Monitor out."],
    ]);
  });
});

describe("the check of records", () => {
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  const session = (hours: number) => ({
    sessionId: "1",
    start: hoursAgo(hours).toISOString(),
    vm: null,
    vmName: null,
    vmIp: null,
    protocol: null,
    account: null,
  });
  const judge = (more: Partial<HostRecords>, maxAgeMs?: number) => {
    const known = {
      host,
      accountName: "logs",
      accountId,
      last: hoursAgo(3),
      now,
      sessions: [],
      inWorkspace: undefined,
    };
    return judgeRecords({ hosts: [{ ...known, ...more }], maxAgeMs });
  };

  it("reports when the last one arrived", () => {
    assert.deepEqual(judge({}), {
      findings: [],
      seen: "The last record of bas arrived 3h 00m ago (2026-05-04 09:00:00Z).",
    });
    assert.equal(
      judge({ inWorkspace: hoursAgo(1) }).seen,
      "The last record of bas arrived 3h 00m ago (2026-05-04 09:00:00Z), the workspace's 1h 00m ago (2026-05-04 11:00:00Z).",
    );
  });

  it("reports that there is none yet", () => {
    assert.deepEqual(told(judge({ last: undefined })), [["records-none", "logs has no record of bas yet."]]);
  });

  it("reports sessions whose record is long overdue, and waits for younger ones", () => {
    assert.deepEqual(told(judge({ last: hoursAgo(30), sessions: [session(8), session(9), session(1)] })), [
      ["records-overdue", "2 open sessions of bas began up to 9h 00m ago, and logs got no record since."],
    ]);
    assert.deepEqual(told(judge({ last: undefined, sessions: [session(7)] })), [
      ["records-overdue", "1 open session of bas began up to 7h 00m ago, and logs got no record since."],
    ]);
    assert.deepEqual(told(judge({ last: hoursAgo(30), sessions: [session(5)] })), []);
    assert.deepEqual(told(judge({ last: hoursAgo(7), sessions: [session(8)] })), []);
    assert.deepEqual(told(judge({ sessions: undefined })), []);
  });

  it("limits the age of the last one, on request", () => {
    assert.deepEqual(told(judge({}, 2 * 3_600_000)), [
      ["records-too-old", "The last record of bas arrived 3h 00m ago, which is more than 2h 00m."],
    ]);
    assert.deepEqual(told(judge({}, 4 * 3_600_000)), []);
  });

  it("reports what the workspace has and the archive does not", () => {
    assert.deepEqual(told(judge({ last: hoursAgo(30), inWorkspace: hoursAgo(8) })), [
      [
        "records-missing-in-archive",
        "The workspace has a record of bas of 8h 00m ago, and logs got its last one 1d 06h ago.",
      ],
    ]);
    assert.deepEqual(told(judge({ last: undefined, inWorkspace: hoursAgo(8) })), [
      ["records-none", "logs has no record of bas yet."],
      ["records-missing-in-archive", "The workspace has a record of bas of 8h 00m ago, and logs got none at all."],
    ]);
    assert.deepEqual(told(judge({ last: hoursAgo(30), inWorkspace: hoursAgo(2) })), []);
  });
});

describe("the check of immutability", () => {
  type Policy = ImmutabilityPolicy | null | undefined;
  const audit = "insights-logs-bastionauditlogs";
  const activity = "insights-activity-logs";
  const judge = (policy: Policy, ...activityPolicies: Policy[]) =>
    judgeImmutability([
      { account, container: audit, policy },
      ...activityPolicies.map((one) => ({ account, container: activity, policy: one })),
    ]);
  const locked = { state: "Locked", days: 30, allowsAppends: true };

  it("passes locked policies", () => {
    assert.deepEqual(judge(locked, locked), {
      findings: [],
      seen: `${audit} in logs keeps records unchanged for 30 days, locked. ${activity} in logs keeps records unchanged for 30 days, locked.`,
    });
  });

  it("reports that there is none, even if the container does not exist yet", () => {
    const off = [["immutability-off", "The records in logs can be changed and deleted."]];
    assert.deepEqual([told(judge(null)), told(judge(undefined, null))], [off, off]);
  });

  it("reports an activity log that can be changed although the audit records cannot", () => {
    const { findings } = judge(locked, null);
    assert.deepEqual(findings, [
      {
        code: "activity-log-changeable",
        severity: "warning",
        resource: accountId,
        message: `The activity log in logs (${activity}) can be changed and deleted, with the JIT requests in it; the audit records cannot.`,
        fix: `az storage container immutability-policy create --subscription ${subscriptionId} --resource-group rg --account-name logs --container-name ${activity} --period 30 --allow-protected-append-writes true # in the stack: pulumi up`,
      },
    ]);
    assert.deepEqual(told(judge(locked, undefined)), []);
    assert.deepEqual(told(judge(locked, null, locked)), []);
  });

  it("reports one that can be loosened", () => {
    assert.deepEqual(told(judge({ ...locked, state: "Unlocked" })), [
      ["immutability-unlocked", `The immutability policy of ${audit} in logs (30 days) is not locked.`],
    ]);
  });

  it("reports one that keeps new records out", () => {
    assert.deepEqual(told(judge(locked, { ...locked, allowsAppends: false })), [
      [
        "immutability-blocks-logs",
        `The immutability policy of ${activity} in logs prevents Azure Monitor from adding records.`,
      ],
    ]);
  });
});

describe("the check of the activity log", () => {
  const judge = (...settings: ReturnType<typeof setting>[]) =>
    judgeActivity({ subject: bare, settings, account: undefined, region: "westeurope" });
  const exported = setting({ name: "trail", enabled: ["administrative", "security"] });

  it("passes an export of JIT requests and rule changes to an archive", () => {
    assert.deepEqual(judge(exported), { findings: [], seen: "trail exports the activity log." });
  });

  it("reports that there is none, or none to an archive", () => {
    const none = [["activity-not-exported", "No diagnostic setting exports the activity log of the subscription."]];
    assert.deepEqual([told(judge()), told(judge({ ...exported, enabled: ["policy"] }))], [none, none]);
    assert.deepEqual(told(judge({ ...exported, storageAccountId: null })), [
      ["activity-not-exported", "The activity log goes to no storage account (trail)."],
    ]);
  });
});
