import assert from "node:assert/strict";
import type { ActiveSession } from "../../../../cli/azure/activeSessions.ts";
import type { Permission } from "../../../../cli/azure/permissions.ts";
import {
  judgeBastion,
  type BastionFacts,
  type RecordingFacts,
} from "../../../../cli/commands/doctor/checks/bastion.ts";
import { judgeDefender } from "../../../../cli/commands/doctor/checks/defender.ts";
import { judgePermissions } from "../../../../cli/commands/doctor/checks/permissions.ts";
import { judgeProviders } from "../../../../cli/commands/doctor/checks/providers.ts";
import { rolesOf } from "../../../../cli/commands/doctor/roles.ts";
import { ada, bare, group, host, hostId, stack, subscriptionId, told } from "./fixture.ts";

describe("the check of resource providers", () => {
  const judge = (state: string) =>
    judgeProviders({ subscriptionId, states: [{ namespace: "Microsoft.Network", state }] });

  it("passes what is registered", () => {
    assert.deepEqual(judge("Registered"), { findings: [], seen: "1 resource provider registered." });
  });

  it("reports what is not, and the command that registers it", () => {
    assert.deepEqual(judge("NotRegistered").findings, [
      {
        code: "provider-not-registered",
        severity: "error",
        resource: `/subscriptions/${subscriptionId}/providers/Microsoft.Network`,
        message: "The resource provider Microsoft.Network is not registered.",
        fix: `az provider register --namespace Microsoft.Network --subscription ${subscriptionId} --wait`,
      },
    ]);
    assert.deepEqual(told(judge("Registering")), [
      ["provider-registering", "The resource provider Microsoft.Network is registering."],
    ]);
    assert.deepEqual(told(judge("Unregistering")), [
      ["provider-registering", "The resource provider Microsoft.Network is unregistering."],
    ]);
  });
});

describe("the check of the Defender plan", () => {
  const judge = (tier: string, subPlan: string | null = null) =>
    told(judgeDefender({ subscriptionId, plan: { tier, subPlan } }));

  it("passes Plan 2, which is also what a plan without a subplan is", () => {
    assert.deepEqual([judge("Standard", "P2"), judge("standard")], [[], []]);
  });

  it("reports one that is off, and Plan 1", () => {
    assert.deepEqual(judge("Free"), [
      ["defender-plan-off", "Defender for Servers is off in this subscription, so nobody can request access."],
    ]);
    assert.deepEqual(judge("Standard", "P1"), [
      ["defender-plan-1", "Defender for Servers has Plan 1 in this subscription; just-in-time access takes Plan 2."],
    ]);
  });
});

describe("the check of the Bastion host", () => {
  const judge = (facts: Omit<BastionFacts, "recordings">, recordings: [string, RecordingFacts][] = []) =>
    judgeBastion({ ...facts, recordings: new Map(recordings) });

  it("passes one that writes audit logs", () => {
    assert.deepEqual(judge({ subject: stack, hosts: [host] }), {
      findings: [],
      seen: "1 Bastion host: bas (Basic, westeurope).",
    });
  });

  it("reports the Developer SKU and a host that is not ready", () => {
    const hosts = [{ ...host, sku: "Developer", state: "Failed" }];
    assert.deepEqual(told(judge({ subject: bare, hosts })), [
      ["bastion-without-audit", "bas has the SKU Developer, which writes no audit log."],
      ["bastion-not-ready", "bas is in the state Failed."],
    ]);
  });

  it("reports a host that records and may have no place for it, which Azure does not show", () => {
    const recorded = (facts: RecordingFacts) => told(judge({ subject: stack, hosts: [host] }, [[hostId, facts]]));
    const unconfirmed = [
      [
        "recording-unconfirmed",
        "bas records sessions and refuses every session until it has the SAS URL of a container. Azure does not show whether it has one, and no session is open that would prove it.",
      ],
    ];
    assert.deepEqual(recorded({ container: null, sessions: [] }), unconfirmed);
    assert.deepEqual(recorded({ container: undefined, sessions: undefined }), unconfirmed);
    assert.deepEqual(recorded({ container: "https://logs.blob.core.windows.net/recordings", sessions: [] }), []);
    assert.deepEqual(recorded({ container: null, sessions: [{} as ActiveSession] }), []);
  });

  it("reports a host that is gone from one that there never was", () => {
    assert.deepEqual(told(judge({ subject: stack, hosts: [] })), [
      ["bastion-missing", "The Bastion host bas does not exist."],
    ]);
    assert.deepEqual(told(judge({ subject: bare, hosts: [] })), [
      ["bastion-none", "The subscription has no Bastion host."],
    ]);
  });
});

describe("the check of permissions", () => {
  const roles = rolesOf();
  const permission = (more: Partial<Permission>): Permission => ({
    actions: [],
    notActions: [],
    dataActions: [],
    notDataActions: [],
    ...more,
  });
  const judge = (held: Permission[], wanted: "operator"[] = []) => {
    const places = roles.map((role) => ({ role, scope: group, actions: role.actions, held }));
    return judgePermissions({ identity: ada, places, wanted });
  };
  const everything = permission({ actions: ["*"], dataActions: ["*"] });

  it("passes an identity with every permission", () => {
    assert.deepEqual(judge([everything]), {
      findings: [],
      seen: "ada@example.com may use jit request and connect, sessions and jit revoke, logs, logs --source workspace.",
    });
  });

  it("reports what each role lacks; an owner may not read blobs", () => {
    const { findings, seen } = judge([permission({ actions: ["*"] })]);
    assert.deepEqual(findings, [
      {
        code: "role-not-held",
        severity: "info",
        resource: group,
        message:
          "ada@example.com may not do everything that logs needs at rg; missing: Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read (data).",
        fix: `az role assignment create --assignee-object-id oid --assignee-principal-type User --role "Storage Blob Data Reader" --scope ${group}`,
      },
    ]);
    assert.equal(
      seen,
      "ada@example.com may use jit request and connect, sessions and jit revoke, logs --source workspace.",
    );
  });

  it("is an error for a role that the identity is to have, and names a few of many", () => {
    const { findings, seen } = judge([], ["operator"]);
    assert.deepEqual(
      findings.map(({ code, severity }) => [code, severity]),
      [
        ["role-not-held", "info"],
        ["permission-missing", "error"],
        ["role-not-held", "info"],
        ["role-not-held", "info"],
      ],
    );
    assert.match(findings[1]!.message, /missing: Microsoft\.\S+, Microsoft\.\S+, Microsoft\.\S+ and \d+ more\.$/);
    assert.equal(seen, "ada@example.com has no role in full.");
  });

  it("takes what a role leaves out from another one", () => {
    const held = [permission({ actions: ["*"], notActions: ["Microsoft.Network/*"], dataActions: ["*"] })];
    assert.equal(judge(held).findings.length, 2);
    assert.deepEqual(judge([...held, permission({ actions: ["microsoft.network/*"] })]).findings, []);
  });

  it("reads the roles that cli/roles has", () => {
    assert.deepEqual(
      roles.map(({ of, name }) => [of, name]),
      [
        ["requester", "Bastion Trail Requester"],
        ["operator", "Bastion Trail Operator"],
        ["analyst", "Storage Blob Data Reader"],
        ["analyst", "Log Analytics Reader"],
      ],
    );
    assert.ok(roles[1]!.actions.some(({ name }) => name === `Microsoft.Network/bastionHosts/getActiveSessions/action`));
  });
});
