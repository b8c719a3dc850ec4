import assert from "node:assert/strict";
import type { TrailDocument, TrailRow } from "../../../../cli/audit/trail/types.ts";
import { allowName, at, nsgId, vmId } from "../../audit/activity/events.ts";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { runProgram } from "../../../../cli/program.ts";
import { fakeIo } from "../../fakeIo.ts";
import { documentOf, folder, tunnelId } from "./logFolder.ts";

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
        ["audit", [{ from: at(-3600), to: at(3600), subscription: null }]],
        ["activity", []],
        ["flows", [{ from: at(0), to: at(3600), subscription: null }]],
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
      "  README.html: This file is neither JSON nor CSV with a column for the time.",
      "  lost.json:1: The record has no time.",
    ]);
    logs.write("damaged.json", '{"time": "2026-05-04T12:0\n').write("settings.json", '{"name": "trail"}\n');
    const { coverage, unreadable } = JSON.parse((await logs.run(["--json"])).stdout) as TrailDocument;
    assert.deepEqual(
      unreadable.map(({ file }) => file.replace(`${logs.path}/`, "")),
      ["README.html", "damaged.json", "lost.json", "settings.json"],
    );
    assert.equal(coverage.logs.audit.gaps.length, 1);
    assert.match((await logs.run([])).stderr, /^warning: 3 records could not be read, 1 value or file skipped:/);
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
    assert.deepEqual(coverage.logs.audit.gaps, [{ from: at(600), to: at(900), subscription: null }]);
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

  it("names the entries of logs that it does not use, such as flow logs of network security groups", async () => {
    using logs = folder().request(0).session(1, 600);
    const record = { time: at(0), category: "NetworkSecurityGroupFlowEvent", properties: { Version: 2, flows: [] } };
    logs.write("nsg.json", JSON.stringify({ records: [record, record] }));
    const { exitCode, stderr } = await logs.run([]);
    assert.deepEqual(
      [exitCode, stderr.split("\n").at(-2)],
      [0, "Skipped 2 entries of other logs: 2 NetworkSecurityGroupFlowEvent."],
    );
  });

  it("suggests a person where the logs have nobody of the typed name", async () => {
    using logs = folder().session(1, 60).session(2, 120, { userEmail: "ben@example.com" });
    const warnings = async (user: string) =>
      (await logs.run(["--user", user])).stderr.split("\n").filter((line) => line.startsWith("warning"));
    assert.deepEqual(await warnings("bne@example.com"), [
      "warning: the log has no person 'bne@example.com'. Did you mean 'ben@example.com'?",
    ]);
    assert.deepEqual([await warnings("BEN@example.com"), await warnings("zoe@contoso.net")], [[], []]);
  });

  it("shows who was connected at a moment", async () => {
    const endless = { sessionEndTime: undefined, duration: undefined };
    const failed = { ...endless, message: "Login Failed" };
    using logs = folder().session(1, 0).session(2, 30).session(3, 3600).session(4, 20, failed).session(5, 10, endless);
    const { trail } = await documentOf(logs, "--at", "2026-05-04T12:00:45Z");
    assert.deepEqual(
      trail.map((row) => row.tunnelId),
      [tunnelId(1), tunnelId(5), tunnelId(2)],
    );
  });

  it("allows no difference of clocks with --skew 0m", async () => {
    using logs = folder().request(60).session(1, 30);
    const verdicts = async (...words: string[]) =>
      (await documentOf(logs, ...words)).trail.map(({ verdict }) => verdict);
    assert.deepEqual(await verdicts(), ["granted"]);
    assert.deepEqual(await verdicts("--skew", "0m"), ["ungranted"]);
  });

  it("ends with 1 for a verdict that --fail-on names, and with 2 where one is unknown", async () => {
    using logs = folder().open(0).session(1, 60);
    assert.equal((await logs.run([])).exitCode, 0);
    assert.equal((await logs.run(["--fail-on", "ungranted,bypassed"])).exitCode, 1);
    assert.equal((await logs.run(["--fail-on", "ungranted"])).exitCode, 0);
    assert.equal((await logs.session(2, 40_000).run(["--fail-on", "ungranted"])).exitCode, 2);
  });

  it("prints one JSON object a line, CSV and Markdown", async () => {
    using logs = folder().open(0, { name: "Open|<b>" }).session(1, 60);
    const ndjson = await logs.run(["--ndjson"]);
    assert.equal((JSON.parse(ndjson.stdout) as TrailRow).verdict, "bypassed");
    const csv = await logs.run(["--csv"]);
    assert.match(csv.stdout, /^start,person,vm,verdict,link,requestedBy,reason,rule,flags,/);
    // Neither has the coverage.
    assert.match(csv.stderr, /^1 session; rules outside requests: 1 opened\.\nThe activity log is complete from /);
    assert.equal(ndjson.stderr, csv.stderr);
    const { stdout } = await logs.run(["--markdown"]);
    assert.match(stdout, /^\| Start \| Person \| VM \| Verdict \|/);
    assert.match(stdout, /\| Open&#124;&#60;b&#62; \|/);
    assert.match((await logs.run(["--markdown", "--csv"])).stderr, /--csv and --markdown cannot be combined\./);
  });

  it("tells everything that is wrong with the options at once, before it reads anything", async () => {
    using logs = folder();
    const { exitCode, stdout, stderr } = await logs.run([
      ...["show", "latest", "--fail-on", "bypassed", "--at", "2026-05-04", "--since", "1h"],
      ...["--json", "--csv", "--archive", "https://st.blob.example"],
    ]);
    assert.deepEqual([exitCode, stdout], [2, ""]);
    assert.equal(
      stderr,
      "error: trail show does not accept --fail-on. Use --json or --csv for one session.\n" +
        "error: --at cannot be combined with --since, --from or --to. Use a moment or a time range.\n" +
        "error: --json and --csv cannot be combined. Use one of them.\n" +
        "error: --archive cannot be used with --source .. --archive is for --source archive.\n",
    );
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
