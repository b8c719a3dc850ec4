import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TrailDocument, TrailRow } from "../../../../cli/audit/trail/types.ts";
import {
  allowName,
  at,
  defenderApp,
  initiate,
  nsgId,
  nsgWrite,
  policyId,
  ruleWrite,
  subscription,
  vmId,
  wireRule,
} from "../../audit/activity/events.ts";
import type { Evidence } from "../../../../cli/commands/trail/showSession.ts";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { runProgram } from "../../../../cli/program.ts";
import { fakeIo } from "../../fakeIo.ts";
import { TrailFolder, tunnelId } from "./logFolder.ts";

const day = -86_400;

/** A folder with the activity log of two days. */
function folder(): TrailFolder {
  return new TrailFolder().quiet(day - 7200).quiet(36_000);
}

async function documentOf(logs: TrailFolder, ...words: string[]): Promise<TrailDocument> {
  const { exitCode, stdout, stderr } = await logs.run([...words, "--json"]);
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout) as TrailDocument;
}

/** What counts of a row. */
function gist({ person, verdict, link, request, rule }: TrailRow) {
  return { person, verdict, link, by: request?.by ?? null, rule: rule?.name ?? null };
}

describe("trail of a folder", function () {
  this.timeout(60_000);

  it("has exactly these members in JSON", async () => {
    using logs = folder().request(0).session(1, 600);
    const { trail, unusedGrants, grants, rules, unreadable, coverage } = await documentOf(logs);
    const request = {
      id: "52462e59bff16850",
      by: "ada@example.com",
      at: at(0),
      from: at(0),
      until: at(3600),
      askedUntil: at(3600),
      endedBy: "expired",
      reason: "INC-1",
      correlationId: "c-0",
    };
    const rule = {
      name: allowName,
      priority: 100,
      author: "Defender for Cloud",
      sources: ["10.60.0.0/26"],
      ports: ["22"],
    };
    assert.deepEqual(trail, [
      {
        id: trail[0]?.id,
        tunnelId: tunnelId(1),
        start: at(600),
        end: at(660),
        durationSeconds: 60,
        state: "closed",
        vm: vmId,
        vmName: "web",
        vmIp: "10.60.1.4",
        protocol: "ssh",
        port: 22,
        clientIp: "203.0.113.7",
        person: "ada@example.com",
        account: "azureuser",
        outcome: "connected",
        verdict: "granted",
        because: "ada@example.com requested it.",
        flags: [],
        link: "correlation",
        request,
        rule,
        candidates: [],
        bytes: null,
        accepted: null,
      },
    ]);
    assert.match(trail[0]?.id ?? "", /^[0-9a-f]{16}$/);
    assert.deepEqual(unusedGrants, []);
    const grant = { ...request, vm: vmId, vmName: "web", port: 22, sources: ["10.60.0.0/26"], sessions: 1 };
    assert.deepEqual(grants, [grant]);
    assert.deepEqual(rules, [
      {
        ...rule,
        kind: "leftover",
        group: nsgId.toLowerCase(),
        destinations: ["10.60.1.4"],
        from: at(2),
        until: null,
        correlationId: "c-0",
        request: request.id,
        vms: [vmId],
        sessions: 1,
      },
    ]);
    assert.deepEqual(unreadable, []);
    assert.deepEqual(coverage, {
      from: null,
      to: null,
      skewSeconds: 120,
      logs: {
        audit: { state: "read", from: null, until: at(600), gaps: [], recordsRead: 1, lastRecord: at(600) },
        activity: {
          ...{ state: "read", from: "2026-05-03T10:00:00.000Z", until: "2026-05-04T23:00:00.000Z", gaps: [] },
          ...{ recordsRead: 5, lastRecord: at(36_000) },
        },
        flows: { state: "none", from: null, until: null, gaps: [], recordsRead: 0, lastRecord: null },
      },
    });
  });

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
          because: "The activity log of that time was not read, is not exported or has a gap.",
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
      [["unknown", "The activity log of that time was not read, is not exported or has a gap."]],
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
      { from: "2026-05-04T10:00:00.000Z", to: "2026-05-04T12:00:00.000Z" },
    ]);
  });

  it("lists what cannot be read as a gap of its own log, and of no other", async () => {
    using logs = folder().request(0).session(1, 600).flow(601, allowName);
    const hour = (number: number) => `y=2026/m=05/d=04/h=${number}/m=00/PT1H.json`;
    logs.write(`resourceId=/S/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/HUB/${hour(12)}`, '{"time": "2026-05-04T12:0\n');
    logs.write(`flowLogResourceID=/S/${hour(13)}`, '{"records": [{"time": "2026-05-04T13:0\n');
    const { stdout, exitCode } = await logs.run(["--json"]);
    const { trail, coverage } = JSON.parse(stdout) as TrailDocument;
    assert.deepEqual([exitCode, trail[0]?.verdict], [1, "granted"]);
    assert.deepEqual(
      Object.entries(coverage.logs).map(([log, { gaps }]) => [log, gaps]),
      [
        ["audit", [{ from: at(-3600), to: at(3600) }]],
        ["activity", []],
        ["flows", [{ from: at(0), to: at(3600) }]],
      ],
    );
  });

  it("tells a lost record from a file that is no log, each once, although a folder is read for each log", async () => {
    using logs = folder().request(0).session(1, 600).session(2, 900);
    logs.write("lost.json", '{"category": "BastionAuditLogs"}\n').write("README.html", "<p>Logs</p>\n");
    const { exitCode, stderr } = await logs.run([]);
    assert.equal(exitCode, 1);
    assert.deepEqual(stderr.replaceAll(`${logs.path}/`, "").split("\n").slice(0, 3), [
      "warning: 1 record could not be read, 1 value or file skipped:",
      "  README.html: This file is neither JSON nor CSV with a header.",
      "  lost.json:1: The record has no time.",
    ]);
    logs.write("damaged.json", '{"time": "2026-05-04T12:0\n');
    const { coverage, unreadable } = JSON.parse((await logs.run(["--json"])).stdout) as TrailDocument;
    assert.deepEqual(
      unreadable.map(({ file }) => file.replace(`${logs.path}/`, "")),
      ["README.html", "damaged.json", "lost.json"],
    );
    assert.equal(coverage.logs.audit.gaps.length, 1);
    assert.match((await logs.run([])).stderr, /^warning: 2 records could not be read, 1 value or file skipped:/);
  });

  it("ends with 2 where a record is lost with --strict, whatever the verdicts", async () => {
    using logs = folder().request(0).session(1, 600);
    logs.write("lost.json", '{"category": "BastionAuditLogs"}\n');
    const codes = async (...words: string[]): Promise<number> => (await logs.run(words)).exitCode;
    assert.equal(await codes("--fail-on", "granted"), 1);
    assert.equal(await codes("--fail-on", "granted", "--strict"), 2);
    assert.equal(await codes("--fail-on", "bypassed", "--strict"), 2);
  });

  it("lists an audit log without an hour in its name as a gap from its first session to its last record", async () => {
    using logs = folder().request(0).session(1, 600).session(2, 900);
    logs.write("bastion-insights-logs-bastionauditlogs.json", '{"time": "2026-05-04T12:0\n');
    const { coverage } = JSON.parse((await logs.run(["--json"])).stdout) as TrailDocument;
    assert.deepEqual(coverage.logs.audit.gaps, [{ from: at(600), to: at(900) }]);
  });

  it("does not call a session ungranted where the log has a request without its end", async () => {
    const body = { virtualMachines: [{ id: vmId, ports: [{ number: 22, endTimeUtc: "soon" }] }] };
    using logs = folder().event(0, initiate, policyId, { body }).session(1, 600);
    const { trail, coverage } = await documentOf(logs);
    assert.equal(trail[0]?.verdict, "unknown");
    assert.deepEqual(coverage.logs.activity.gaps, [{ from: at(0), to: at(39_600) }]);
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

  it("reports a flow that cannot be read, whatever the name of its file, and uses the others", async () => {
    using logs = folder().request(0).session(1, 600).flow(601, allowName);
    const [tuple, odd] = [at(601), "nonsense"].map(
      (time) => `${Date.parse(time)},10.60.0.5,10.60.1.4,1,22,6,I,B,NX,,,,`,
    );
    const record = {
      flowRecords: { flows: [{ aclID: "acl", flowGroups: [{ rule: "x", flowTuples: [tuple, odd] }] }] },
    };
    logs.write("monday.txt", JSON.stringify({ time: at(0), category: "FlowLogFlowEvent", ...record }));
    const { exitCode, stdout } = await logs.run(["--json"]);
    const { trail, unreadable } = JSON.parse(stdout) as TrailDocument;
    assert.deepEqual(
      [exitCode, trail[0]?.link, unreadable.map(({ line, reason }) => [line, reason])],
      [1, "ambiguous", [[1, `The flow tuple "${odd ?? ""}" cannot be read: its time is "NaN".`]]],
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

  it("shows who was connected at a moment", async () => {
    using logs = folder().session(1, 0).session(2, 30).session(3, 3600);
    const { trail } = await documentOf(logs, "--at", "2026-05-04T12:00:45Z");
    assert.deepEqual(
      trail.map((row) => row.tunnelId),
      [tunnelId(1), tunnelId(2)],
    );
  });

  it("keeps sessions by person, VM, request, session, verdict and link, all of which must match", async () => {
    using logs = folder().request(0).session(1, 60).session(2, 120, { userEmail: "bob@example.com" });
    const shown = async (...words: string[]) => (await documentOf(logs, ...words)).trail.map((row) => row.tunnelId);
    assert.deepEqual(await shown("--user", "BOB@example.com"), [tunnelId(2)]);
    assert.deepEqual(await shown("--user", "bob_example.com#EXT#@contoso.onmicrosoft.com"), [tunnelId(2)]);
    assert.deepEqual(await shown("--vm", "web"), [tunnelId(1), tunnelId(2)]);
    assert.deepEqual(await shown("--vm", `${vmId}/`), [tunnelId(1), tunnelId(2)]);
    assert.deepEqual(await shown("--vm", "db"), []);
    assert.deepEqual(await shown("--request", "52462e"), [tunnelId(1), tunnelId(2)]);
    assert.deepEqual(await shown("--request", "C-0", "--verdict", "borrowed,bypassed"), [tunnelId(2)]);
    assert.deepEqual(await shown("--session", tunnelId(1)), [tunnelId(1)]);
    assert.deepEqual(await shown("--link", "flow"), []);
  });

  it("allows no difference of clocks with --skew 0m", async () => {
    using logs = folder().request(60).session(1, 30);
    const verdicts = async (...words: string[]) =>
      (await documentOf(logs, ...words)).trail.map(({ verdict }) => verdict);
    assert.deepEqual(await verdicts(), ["granted"]);
    assert.deepEqual(await verdicts("--skew", "0m"), ["ungranted"]);
  });

  it("does not call a grant unused that continues after the time range, or was used before it", async () => {
    using logs = folder().request(0).session(1, 2000);
    const unused = async (...words: string[]) => (await documentOf(logs, ...words)).unusedGrants.length;
    assert.equal(await unused("--to", at(1800)), 0);
    assert.equal(await unused("--from", at(2400)), 0);
    assert.equal(await unused("--from", at(2400), "--to", at(4000), "--vm", "web"), 0);
    using without = folder().request(0);
    assert.deepEqual([(await documentOf(without)).unusedGrants.length], [1]);
    assert.equal((await documentOf(without, "--to", at(3600))).unusedGrants.length, 1);
  });

  it("counts only unused grants and rules of the VM that it shows", async () => {
    using logs = folder().request(0).session(1, 60);
    const { stderr } = await logs.run(["--vm", "db"]);
    assert.equal(
      stderr,
      "0 sessions.\nThe activity log is complete until 2026-05-04 23:00:00Z. No flow log was read.\n",
    );
  });

  it("ends with 1 for a verdict that --fail-on names, and with 2 where one is unknown", async () => {
    using logs = folder().open(0).session(1, 60);
    assert.equal((await logs.run([])).exitCode, 0);
    assert.equal((await logs.run(["--fail-on", "ungranted,bypassed"])).exitCode, 1);
    assert.equal((await logs.run(["--fail-on", "ungranted"])).exitCode, 0);
    assert.equal((await logs.session(2, 40_000).run(["--fail-on", "ungranted"])).exitCode, 2);
  });

  it("shows an accepted finding as accepted until its day, and does not fail for it", async () => {
    using logs = folder().open(0).session(1, 60);
    const entry = {
      person: "ada@example.com",
      rule: "openssh",
      reason: "migration",
      owner: "ops",
      expires: "2026-06-01",
    };
    logs.write(".accepted.json", JSON.stringify({ trail: [entry] }));
    const accepting = ["--fail-on", "bypassed", "--accept", ".accepted.json"];
    const { exitCode, stdout } = await logs.run([...accepting, "--json"]);
    assert.equal(exitCode, 0);
    assert.deepEqual((JSON.parse(stdout) as TrailDocument).trail[0]?.accepted, {
      reason: "migration",
      owner: "ops",
      expires: "2026-06-01T23:59:59.999Z",
    });
    assert.equal((await logs.run(accepting, { now: "2026-06-02T00:00:00Z" })).exitCode, 1);
  });

  it("prints one JSON object a line, CSV and Markdown", async () => {
    using logs = folder().open(0, { name: "Open|<b>" }).session(1, 60);
    const ndjson = await logs.run(["--ndjson"]);
    assert.equal((JSON.parse(ndjson.stdout) as TrailRow).verdict, "bypassed");
    const csv = await logs.run(["--csv"]);
    assert.match(csv.stdout, /^start,person,vm,verdict,link,requestedBy,reason,rule,flags,/);
    const { stdout } = await logs.run(["--markdown"]);
    assert.match(stdout, /^\| Start \| Person \| VM \| Verdict \|/);
    assert.match(stdout, /\| Open&#124;&#60;b&#62; \|/);
    assert.match((await logs.run(["--markdown", "--csv"])).stderr, /--csv and --markdown cannot be combined\./);
  });

  it("shows one session whole, with every record behind it", async () => {
    using logs = folder().request(0).session(1, 600).flow(601, allowName).open(1200).revoke(3600).session(2, 5000);
    const { stdout } = await logs.run(["show", tunnelId(1).slice(0, -1), "--json"]).then(async (answer) => {
      assert.equal(answer.exitCode, 2);
      assert.match(answer.stderr, /matches several session ids/);
      return logs.run(["show", tunnelId(1), "--json"]);
    });
    const { session, records } = JSON.parse(stdout) as { session: TrailRow; records: Evidence[] };
    assert.equal(session.tunnelId, tunnelId(1));
    assert.deepEqual(
      records.map(({ log, time }) => ({ log, time })),
      [
        { log: "activity", time: at(0) },
        { log: "activity", time: at(1) },
        { log: "activity", time: at(2) },
        { log: "audit", time: at(600) },
        { log: "flows", time: at(601) },
        { log: "activity", time: at(3600) },
      ],
    );
    assert.deepEqual(
      records.map(({ raw }) => raw.map(({ file, line }) => [file.slice(logs.path.length + 1), line])),
      [
        ...[1, 2, 3].map((line) => [["activity.json", line + 2]]),
        [["audit.json", 1]],
        [["flowLogResourceID=/S/PT601.json", 1]],
        [["activity.json", 7]],
      ],
    );
    const [raw] = records.find(({ log }) => log === "audit")?.raw ?? [];
    const content = readFileSync(join(logs.path, "audit.json"));
    assert.equal(raw?.sha256, createHash("sha256").update(content).digest("hex"));
    const [line = ""] = content.subarray(raw.offset).toString("utf8").split("\n");
    assert.deepEqual(JSON.parse(line), raw.value);
    const latest = await logs.run(["show", "latest"]);
    assert.match(latest.stdout, /^Session: +[0-9a-f]{16} \(tunnel 2f1a7a4e-90b8-4c0f-a1f3-000000000002\)\n/);
    assert.match(
      latest.stdout,
      /\nVerdict: +bypassed: Rule OpenSsh by eve@example\.com let it in, and no request asked for that\.\n/,
    );
    const local = await logs.run(["show", tunnelId(1), "--local"]);
    assert.deepEqual(
      local.stdout.match(/\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)/g)?.filter((time) => time.endsWith("Z")),
      [],
    );
    const none = await logs.run(["show", "abc"]);
    assert.match(none.stderr, /No session 'abc' in this time range\./);
  });

  it("shows no write of a rule of the same name in another group, or of another time", async () => {
    const other = nsgId.replace("web-nsg", "db-nsg");
    const toDb = wireRule("OpenSsh", {
      priority: 200,
      sourceAddressPrefix: "VirtualNetwork",
      destinationAddressPrefix: "10.60.1.5",
    });
    using logs = folder()
      .open(0)
      .event(10, ruleWrite, `${other}/securityRules/OpenSsh`, { by: "eve@example.com", body: toDb })
      .event(4000, ruleWrite, `${nsgId.replace("web-nsg", "new-nsg")}/securityRules/OpenSsh`, {
        by: "eve@example.com",
        body: wireRule("OpenSsh", {
          priority: 200,
          sourceAddressPrefix: "VirtualNetwork",
          destinationAddressPrefix: "*",
        }),
      })
      .session(1, 600);
    const { stdout } = await logs.run(["show", "latest", "--json"]);
    const { records } = JSON.parse(stdout) as { records: Evidence[] };
    assert.deepEqual(
      records.map((one) => [one.log, one.log === "activity" && one.record.resource?.toLowerCase()]),
      [
        ["activity", `${nsgId}/securityRules/OpenSsh`.toLowerCase()],
        ["audit", false],
      ],
    );
  });

  it("shows no write of an equal rule in the group of another VM", async () => {
    const toAny = wireRule("OpenSsh", {
      ...{ priority: 200, sourceAddressPrefix: "VirtualNetwork", destinationAddressPrefix: "*", description: "" },
    });
    const other = `${nsgId.replace("web-nsg", "db-nsg")}/securityRules/OpenSsh`;
    using logs = folder()
      .request(-7200)
      .revoke(-3600)
      .event(0, ruleWrite, other, { by: "eve@example.com", body: toAny })
      .open(10)
      .session(1, 600);
    const { stdout } = await logs.run(["show", "latest", "--json"]);
    const { session, records } = JSON.parse(stdout) as { session: TrailRow; records: Evidence[] };
    assert.deepEqual(
      [session.link, records.map(({ log, time }) => [log, time])],
      [
        "inferred",
        [
          ["activity", at(10)],
          ["audit", at(600)],
        ],
      ],
    );
  });

  it("refuses the options of a list for one session", async () => {
    using logs = folder().session(1, 600);
    const { exitCode, stdout, stderr } = await logs.run(["show", "latest", "--ndjson", "--fail-on", "bypassed"]);
    assert.deepEqual(
      [exitCode, stdout, stderr],
      [2, "", "error: trail show does not accept --ndjson and --fail-on. Use --json or --csv for one session.\n"],
    );
  });

  it("shows the tuples of the flow log behind a session, and no others of their record", async () => {
    const tuple = (second: number, port: number, state: string, from = "10.60.0.5"): string =>
      `${Date.parse(at(second))},${from},10.60.1.4,${port},22,6,I,${state},NX,1,10,1,20`;
    const record = (second: number, ...flowTuples: string[]) => ({
      ...{ time: at(second), category: "FlowLogFlowEvent", macAddress: "0022485D8CF8" },
      flowRecords: { flows: [{ aclID: "acl", flowGroups: [{ rule: `UserRule_${allowName}`, flowTuples }] }] },
    });
    const begun = tuple(601, 40_601, "B");
    const ended = tuple(3661, 40_601, "E");
    const others = [tuple(601, 443, "B", "203.0.113.9"), tuple(3000, 40_602, "B"), tuple(3661, 40_602, "E")];
    const first = "flowLogResourceID=/S/y=2026/m=05/d=04/h=12/m=00/macAddress=0022485D8CF8/PT1H.json";
    const second = first.replace("h=12", "h=13");
    using logs = folder()
      .request(0)
      .session(1, 600)
      .write(first, JSON.stringify({ records: [record(601, ...others.slice(0, 2), begun)] }))
      .write(second, JSON.stringify({ records: [record(3661, ended, ...others.slice(2))] }));
    const { stdout } = await logs.run(["show", "latest"]);
    assert.ok(
      stdout.endsWith(
        [
          "\nFlow log:",
          `  ${join(logs.path, first)}:1`,
          `    ${begun}`,
          `  ${join(logs.path, second)}:1`,
          `    ${ended}`,
        ]
          .map((line) => `${line}\n`)
          .join(""),
      ),
      stdout,
    );
    const json = await logs.run(["show", "latest", "--json"]);
    const { records } = JSON.parse(json.stdout) as { records: Evidence[] };
    const [flow, ...none] = records.filter(({ log }) => log === "flows");
    assert.deepEqual(none, []);
    assert.deepEqual(flow?.raw, [
      { file: join(logs.path, first), line: 1, value: record(601, begun) },
      { file: join(logs.path, second), line: 1, value: record(3661, ended) },
    ]);
    const csv = await logs.run(["show", "latest", "--csv"]);
    assert.match(csv.stdout, /^time,log,who,what,places\n/);
    assert.ok(csv.stdout.includes(`${first}:1; ${join(logs.path, second)}:1`), csv.stdout);
  });

  it("prints the query for Log Analytics only for the workspace", async () => {
    using logs = folder();
    const { exitCode, stderr } = await logs.run(["--kql"]);
    assert.deepEqual(
      [exitCode, stderr],
      [2, "error: --kql is for the workspace. Add --source workspace, or leave --kql out.\n"],
    );
  });

  it("refuses options for rows beside the query", async () => {
    const io = fakeIo();
    const words = ["--source", "workspace", "--kql", "--user", "ada", "--verdict", "granted", "--csv"];
    assert.equal(await runProgram(["trail", ...words], io, { commands, groups, version: "1" }), 2);
    assert.equal(
      io.written.stderr,
      "error: --kql does not accept --user and --verdict and --csv. Leave it out, and filter the rows in Log Analytics.\n",
    );
  });
});
