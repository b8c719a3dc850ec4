import assert from "node:assert/strict";
import type { TrailDocument, TrailRow } from "../../../../cli/audit/trail/types.ts";
import {
  allowName,
  at,
  defenderApp,
  initiate,
  nsgId,
  nsgWrite,
  policyId,
  ruleDelete,
  ruleWrite,
  subscription,
  vmId,
  wireRule,
} from "../../audit/activity/events.ts";
import { documentOf, folder, TrailFolder, tunnelId } from "./logFolder.ts";

/** What counts of a row. */
function gist({ person, verdict, link, request, rule }: TrailRow) {
  return { person, verdict, link, by: request?.by ?? null, rule: rule?.name ?? null };
}

describe("a verdict of trail", function () {
  this.timeout(60_000);

  it("credits no session through a rule to a request whose rule somebody widened", async () => {
    using logs = folder().request(0).session(1, 300).open(600, { name: allowName, priority: 100 }).session(2, 900);
    const { trail } = await documentOf(logs);
    const ada = "ada@example.com";
    assert.deepEqual(trail.map(gist), [
      { person: ada, verdict: "granted", link: "correlation", by: ada, rule: allowName },
      { person: ada, verdict: "bypassed", link: "inferred", by: null, rule: allowName },
    ]);
    assert.equal(trail[1]?.rule?.author, "eve@example.com");
  });

  it("credits no session through a hand-made rule to a request that had been revoked", async () => {
    using logs = folder().request(0).session(1, 300).revoke(600).open(700).session(2, 1800);
    const { trail, grants, rules } = await documentOf(logs);
    const ada = "ada@example.com";
    assert.deepEqual(trail.map(gist), [
      { person: ada, verdict: "granted", link: "correlation", by: ada, rule: allowName },
      { person: ada, verdict: "bypassed", link: "inferred", by: null, rule: "OpenSsh" },
    ]);
    assert.equal(trail[1]?.because, "Rule OpenSsh by eve@example.com let it in, and no request asked for that.");
    assert.deepEqual(
      grants.map(({ until, askedUntil, endedBy, sessions }) => ({ until, askedUntil, endedBy, sessions })),
      [{ until: at(600), askedUntil: at(3600), endedBy: "revoked", sessions: 1 }],
    );
    assert.deepEqual(
      rules.map(({ name, kind, author, until }) => ({ name, kind, author, until })),
      [
        { name: allowName, kind: "requested", author: "Defender for Cloud", until: at(600) },
        { name: "OpenSsh", kind: "opened", author: "eve@example.com", until: null },
      ],
    );
  });

  it("says whose request it was, and what nobody requested", async () => {
    using logs = folder()
      .request(0, { by: "bob@example.com" })
      .session(1, 60)
      .session(2, 120, { userEmail: null })
      .session(3, 180, { userEmail: "BOB@example.com" })
      .session(4, 7200);
    const { trail } = await documentOf(logs.revoke(3600));
    assert.deepEqual(
      trail.map(({ verdict }) => verdict),
      ["borrowed", "unverified", "granted", "ungranted"],
    );
  });

  it("shows how a replaced request ended, and an unused grant", async () => {
    using logs = folder()
      .request(0)
      .request(600, { by: "bob@example.com" })
      .session(1, 900, { userEmail: "bob@example.com" });
    const { grants, unusedGrants } = await documentOf(logs);
    const ends = ({ by, until, endedBy }: (typeof grants)[number]) => ({ by, until, endedBy });
    const replaced = { by: "ada@example.com", until: at(600), endedBy: "replaced" };
    assert.deepEqual(grants.map(ends), [replaced, { by: "bob@example.com", until: at(4200), endedBy: "expired" }]);
    assert.deepEqual(unusedGrants.map(ends), [replaced]);
  });

  it("does not call a session ungranted where the activity log has nothing", async () => {
    using logs = new TrailFolder().session(1, 600);
    const { trail } = await documentOf(logs);
    assert.deepEqual(
      trail.map(({ verdict, because }) => ({ verdict, because })),
      [
        {
          verdict: "unknown",
          because: "The activity log of the 24 hours before the session was not read, is not exported or has a gap.",
        },
      ],
    );
  });

  it("does not call a session ungranted where the activity log of its VM's subscription was not read", async () => {
    const other = vmId.replace(subscription, "22222222-2222-3333-4444-555555555555");
    using logs = folder().session(1, 600, { targetResourceId: other }).session(2, 600);
    assert.deepEqual((await documentOf(logs)).trail.map(({ verdict, because }) => [verdict, because]).sort(), [
      ["ungranted", "No request and no rule fits, and the activity log of that time was read."],
      ["unknown", "The activity log of the VM's subscription was not read."],
    ]);
    logs.event(0, "Microsoft.Compute/virtualMachines/start/action", other, {});
    assert.deepEqual(
      (await documentOf(logs)).trail.map(({ verdict }) => verdict),
      ["ungranted", "ungranted"],
    );
  });

  it("names the gap, and not the subscription, for a session to an address whose VM is not known", async () => {
    using logs = folder().session(1, 600, { targetResourceId: "", targetVMIPAddress: "10.60.1.4" });
    logs.write("insights-activity-logs/y=2026/m=05/d=04/h=11/m=00/PT1H.json", '{"time": "2026-05-04T11:0\n');
    const { stdout } = await logs.run(["--json"]);
    assert.deepEqual(
      (JSON.parse(stdout) as TrailDocument).trail.map(({ verdict, because }) => [verdict, because]),
      [["unknown", "The activity log of the 24 hours before the session was not read, is not exported or has a gap."]],
    );
  });

  it("does not call a session ungranted where a part of the activity log is damaged", async () => {
    using logs = folder().session(1, 600);
    logs.write("insights-activity-logs/y=2026/m=05/d=04/h=11/m=00/PT1H.json", '{"time": "2026-05-04T11:0\n');
    const { stdout, exitCode } = await logs.run(["--json"]);
    const { trail, coverage } = JSON.parse(stdout) as TrailDocument;
    assert.equal(exitCode, 1);
    assert.equal(trail[0]?.verdict, "unknown");
    assert.deepEqual(coverage.logs.activity.gaps, [
      { from: "2026-05-04T10:00:00.000Z", to: "2026-05-04T12:00:00.000Z", subscription: null },
    ]);
  });

  it("does not call a session ungranted where the log has a request without its end", async () => {
    const body = { virtualMachines: [{ id: vmId, ports: [{ number: 22, endTimeUtc: "soon" }] }] };
    using logs = folder().event(0, initiate, policyId, { body }).session(1, 600);
    const { trail, coverage } = await documentOf(logs);
    assert.equal(trail[0]?.verdict, "unknown");
    assert.deepEqual(coverage.logs.activity.gaps, [{ from: at(0), to: at(39_600), subscription }]);
  });

  it("calls sessions unknown only in the subscription whose activity log has the gap", async () => {
    const other = "22222222-2222-3333-4444-555555555555";
    const isIn = (id: string): string => id.replace(subscription, other);
    using logs = folder()
      .session(1, 600)
      .session(2, 600, { targetResourceId: isIn(vmId) });
    logs.event(0, initiate, isIn(policyId), {});
    logs.write(`resourceId=/SUBSCRIPTIONS/${other.toUpperCase()}/y=2026/m=05/d=04/h=11/m=00/PT1H.json`, "{\n");
    const { trail, coverage } = JSON.parse((await logs.run(["--json"])).stdout) as TrailDocument;
    assert.deepEqual(trail.map(({ verdict }) => verdict).sort(), ["ungranted", "unknown"]);
    assert.deepEqual(coverage.logs.activity.gaps, [{ from: at(-7200), to: at(39_600), subscription: other }]);
  });

  it("needs no content of a request that Azure refused", async () => {
    using logs = folder().event(0, initiate, policyId, { status: "Failure" }).session(1, 600);
    const { trail, coverage } = await documentOf(logs);
    assert.deepEqual([trail[0]?.verdict, coverage.logs.activity.gaps], ["ungranted", []]);
  });

  it("does not call a session ungranted where the audit log lacks the VM's address", async () => {
    using logs = folder().session(1, 600, { targetVMIPAddress: undefined });
    const [{ verdict, because } = {} as TrailRow] = (await documentOf(logs)).trail;
    assert.deepEqual([verdict, because], ["unknown", "The audit log does not have the VM's private IPv4 address."]);
  });

  it("judges no session of which the audit log has only the end", async () => {
    const ended = {
      message: "Successfully Disconnected.",
      sessionStartTime: null,
      sessionEndTime: null,
      duration: null,
    };
    using logs = folder().request(0).session(1, 1800, ended).session(2, 5400, ended);
    assert.deepEqual(
      (await documentOf(logs)).trail.map(({ verdict, link, because, request, end }) => [
        verdict,
        link,
        because,
        request,
        end,
      ]),
      [1800, 5400].map((end) => [
        "unknown",
        "none",
        "The audit log has only the end of the session, not its start.",
        null,
        at(end),
      ]),
    );
  });

  it("does not call a session ungranted where a rule for an application security group may have let it in", async () => {
    const web = `/subscriptions/${subscription}/resourceGroups/trail/providers/Microsoft.Network/applicationSecurityGroups/web`;
    const properties = {
      ...wireRule("Open", { priority: 200 }).properties,
      destinationAddressPrefix: undefined,
      destinationApplicationSecurityGroups: [{ id: web }],
    };
    using logs = folder()
      .session(1, 600)
      .event(0, ruleWrite, `${nsgId}/securityRules/Open`, {
        by: "eve@example.com",
        body: { name: "Open", properties },
      });
    const [{ verdict, because } = {} as TrailRow] = (await documentOf(logs)).trail;
    assert.deepEqual(
      [verdict, because],
      [
        "unknown",
        "Rule Open by eve@example.com may have let it in, but the logs do not show whether it applies to the VM.",
      ],
    );
  });

  it("does not call a session ungranted where a rule without its content comes before one that denies", async () => {
    const deny = wireRule("Deny", { access: "Deny", sourceAddressPrefix: "*", destinationAddressPrefix: "*" });
    using logs = folder()
      .event(0, ruleWrite, `${nsgId}/securityRules/Deny`, { body: deny })
      .event(60, ruleWrite, `${nsgId}/securityRules/Open`, { by: "eve@example.com" })
      .session(1, 600);
    const [{ verdict, because } = {} as TrailRow] = (await documentOf(logs)).trail;
    assert.deepEqual(
      [verdict, because],
      ["unknown", "Rule OPEN by eve@example.com may have let it in, but the activity log does not have its content."],
    );
  });

  it("takes an hour without a blob between hours that have one for an empty one", async () => {
    using logs = folder().session(1, 600);
    assert.equal((await documentOf(logs)).trail[0]?.verdict, "ungranted");
  });

  it("goes by the flow log where that names the rule", async () => {
    using logs = folder().request(0).open(60).session(1, 600).flow(601, "OpenSsh").flow(590, "DenyAll", { state: "D" });
    const { trail, coverage } = await documentOf(logs);
    const [{ verdict, link, rule, flags, bytes, because } = {} as TrailRow] = trail;
    assert.deepEqual(
      { verdict, link, rule: rule?.name, flags, bytes, because },
      {
        ...{ verdict: "bypassed", link: "flow", rule: "OpenSsh", flags: ["denied"], bytes: 100 },
        because: "Rule OpenSsh by eve@example.com let it in, and no request asked for that.",
      },
    );
    assert.deepEqual(coverage.logs.flows, {
      ...{ state: "read", from: at(0), until: at(3600), gaps: [], recordsRead: 2, lastRecord: at(601) },
    });
  });

  it("credits nobody with a connection that may be somebody else's through a hand-made rule", async () => {
    using logs = folder().request(0).open(200).session(1, 300).flow(301, allowName);
    logs.session(2, 360, { userEmail: "eve@example.com" }).flow(361, "OpenSsh");
    const because = "Several rules may have let it in, and the logs do not show which.";
    const unknown = { verdict: "unknown", link: "ambiguous", request: null, rule: null, because };
    assert.deepEqual(
      (await documentOf(logs)).trail.map(({ person, verdict, link, request, rule, because, candidates }) => ({
        ...{ person, verdict, link, request, rule, because },
        candidates: candidates.map((one) => one.request?.by ?? one.rule?.name),
      })),
      ["ada@example.com", "eve@example.com"].map((person) => ({
        ...{ person, ...unknown },
        candidates: ["ada@example.com", allowName, "OpenSsh"],
      })),
    );
  });

  it("does not call a session bypassed once Defender has removed a rule of which the log has no content", async () => {
    const id = `${nsgId}/securityRules/${allowName}`;
    const ports = [{ number: 22, allowedSourceAddressPrefix: "10.60.0.0/26", endTimeUtc: at(3600) }];
    const body = { virtualMachines: [{ id: vmId, ports }] };
    using logs = folder().event(0, initiate, policyId, { id: "c", body }).session(1, 600).flow(601, allowName);
    const said = async () =>
      (await documentOf(logs)).trail.map(({ verdict, link, request }) => [verdict, link, request?.correlationId]);
    assert.deepEqual(await said(), [["granted", "inferred", "c"]]);
    logs.event(2, ruleWrite, id, { id: "d", app: defenderApp });
    assert.deepEqual(await said(), [["granted", "inferred", "c"]]);
    logs.event(3600, ruleDelete, id, { id: "e", app: defenderApp });
    assert.deepEqual(await said(), [["granted", "ambiguous", "c"]]);
  });

  it("names the group of which the log shows only that somebody wrote it", async () => {
    using logs = folder().event(0, nsgWrite, nsgId, { by: "eve@example.com" }).session(1, 600);
    assert.deepEqual(
      (await documentOf(logs)).trail.map(({ verdict, because, rule }) => [verdict, because, rule?.name]),
      [
        [
          "unknown",
          "Rule web-nsg/* by eve@example.com may have let it in, but the activity log does not have its content.",
          "web-nsg/*",
        ],
      ],
    );
  });

  it("takes rows that do not name their log for the log whose facts they have", async () => {
    using logs = new TrailFolder();
    const columns = ["TimeGenerated", "OperationName", "TunnelId", "Protocol", "TargetResourceId", "UserEmail"];
    const row = [at(600), "Microsoft.Network/BastionHost/connect", tunnelId(1), "ssh", vmId, "ada@example.com"];
    logs.write("sessions.csv", [columns, row].map((cells) => `${cells.join(",")}\n`).join(""));
    const { trail, coverage } = await documentOf(logs);
    assert.deepEqual([trail[0]?.verdict, coverage.logs.activity.state], ["unknown", "none"]);
  });

  it("knows an instance of a scale set by the name that Defender's rule has for it", async () => {
    const id = vmId.replace(/virtualMachines\/.*/, "virtualMachineScaleSets/pool/virtualMachines/3");
    const ports = [{ number: 22, allowedSourceAddressPrefix: "10.60.0.0/26", endTimeUtc: at(3600) }];
    const allow = wireRule(allowName, { description: "MDC JIT Network Access rule for policy 'p' of VM 'pool_3'." });
    using logs = folder()
      .session(1, 600, { targetResourceId: id })
      .event(0, initiate, policyId, { id: "c", body: { virtualMachines: [{ id, ports }] } })
      .event(2, nsgWrite, nsgId, { id: "c", app: defenderApp, body: { properties: { securityRules: [allow] } } });
    const { trail } = await documentOf(logs);
    assert.deepEqual(
      trail.map((row) => [row.vmName, row.verdict, row.link]),
      [["pool_3", "granted", "correlation"]],
    );
  });

  it("knows a VM and a group by their ids, with or without a slash around them", async () => {
    const ports = [{ number: 22, allowedSourceAddressPrefix: "10.60.0.0/26", endTimeUtc: at(3600) }];
    using logs = folder()
      .session(1, 600, { targetResourceId: vmId.toUpperCase().slice(1) })
      .session(2, 700, { targetResourceId: `${vmId}/` })
      .event(0, initiate, policyId, { id: "c", body: { virtualMachines: [{ id: `${vmId}/`, ports }] } })
      .event(2, ruleWrite, `${nsgId}/securityRules/${allowName}/`, {
        id: "c",
        app: defenderApp,
        body: wireRule(allowName),
      });
    const { trail } = await documentOf(logs);
    assert.deepEqual(
      trail.map((row) => [row.vm, row.vmName, row.verdict, row.link]),
      [
        [vmId, "web", "granted", "correlation"],
        [vmId, "web", "granted", "correlation"],
      ],
    );
  });

  it("calls no session ungranted that began before the activity log does, however long before", async () => {
    using logs = folder().session(1, Date.parse("1969-01-01T00:00:00Z") / 1000 - Date.parse(at(0)) / 1000);
    assert.equal((await documentOf(logs)).trail[0]?.verdict, "unknown");
  });

  it("gives a session before 1970 no end that no log has", async () => {
    const before = Date.parse("0001-01-01T00:00:00Z") / 1000 - Date.parse(at(0)) / 1000;
    using logs = folder().session(1, before, { sessionStartTime: null, sessionEndTime: null, duration: null });
    const [row] = (await documentOf(logs)).trail;
    assert.deepEqual([row?.start, row?.end, row?.state], ["0001-01-01T00:00:00.000Z", null, "unknown"]);
  });

  it("takes the real end of a session from the flow log where no other log has it", async () => {
    const endless = { sessionEndTime: null, duration: null };
    using logs = folder().request(0).session(1, 600, endless).flow(601, allowName, { until: 4000 });
    const [{ end, durationSeconds, state, flags, verdict, link } = {} as TrailRow] = (await documentOf(logs)).trail;
    assert.deepEqual(
      { end, durationSeconds, state, flags, verdict, link },
      { end: at(4000), durationSeconds: 3400, state: "closed", flags: ["outlived"], verdict: "granted", link: "flow" },
    );
  });

  it("takes no end from the flow log that is before the start, where clocks differ", async () => {
    const endless = { sessionEndTime: null, duration: null };
    using logs = folder().request(0).session(1, 600, endless).flow(500, allowName, { until: 520 });
    const [{ end, durationSeconds, state, link } = {} as TrailRow] = (await documentOf(logs)).trail;
    assert.deepEqual([end, durationSeconds, state, link], [null, null, "open", "flow"]);
  });
});
