import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TrailRow } from "../../../../cli/audit/trail/types.ts";
import { allowName, at, initiate, nsgId, policyId, ruleWrite, vmId, wireRule } from "../../audit/activity/events.ts";
import type { Evidence } from "../../../../cli/commands/trail/showSession.ts";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { runProgram } from "../../../../cli/program.ts";
import { fakeIo } from "../../fakeIo.ts";
import { folder, tunnelId } from "./logFolder.ts";

describe("trail show", function () {
  this.timeout(60_000);

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

  it("says that what a rule opens is not in the activity log", async () => {
    using logs = folder().session(1, 600).flow(601, "OpenSsh");
    const { stdout } = await logs.run(["show", "latest"]);
    assert.match(stdout, /\nRule: +OpenSsh \(priority unknown\) by unknown\nOpens: +not in the activity log\n/);
  });

  it("names an application by its client id, as `jit ls` and `activity` do", async () => {
    const [app, objectId] = ["aaaaaaaa-1111-4222-8333-444444444444", "bbbbbbbb-1111-4222-8333-444444444444"];
    const ports = [{ number: 22, allowedSourceAddressPrefix: "10.60.0.0/26", endTimeUtc: at(3600) }];
    const body = { virtualMachines: [{ id: vmId, ports }], justification: "INC-1" };
    using logs = folder().event(0, initiate, policyId, { by: objectId, app, body }).session(1, 600);
    const { stdout } = await logs.run(["show", "latest"]);
    assert.match(stdout, new RegExp(`\nRequest: +[0-9a-f]{16} by ${app} at `));
    assert.match(stdout, new RegExp(`activity +${app} +\\S+/initiate/action `, "i"));
  });

  it("needs a session, before anything is read", async () => {
    const io = fakeIo();
    const exitCode = await runProgram(["trail", "show", "--source", "missing"], io, { commands, groups, version: "1" });
    assert.deepEqual(
      [exitCode, io.written.stdout, io.written.stderr],
      [2, "", "error: No session given. Pass its id, or the word latest.\n"],
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
    const twin = tuple(602, 40_603, "B");
    const others = [tuple(601, 443, "B", "203.0.113.9"), tuple(3000, 40_602, "B"), tuple(3661, 40_602, "E")];
    const first = "flowLogResourceID=/S/y=2026/m=05/d=04/h=12/m=00/macAddress=0022485D8CF8/PT1H.json";
    const second = first.replace("h=12", "h=13");
    using logs = folder()
      .request(0)
      .session(1, 600)
      .write(first, JSON.stringify({ records: [record(601, ...others.slice(0, 2), begun, twin)] }))
      .write(second, JSON.stringify({ records: [record(3661, ended, ...others.slice(2))] }));
    const { stdout } = await logs.run(["show", "latest"]);
    assert.ok(
      stdout.endsWith(
        [
          "\nFlow log:",
          `  ${join(logs.path, first)}:1`,
          `    ${begun}`,
          `    ${twin}`,
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
    const [flow, ...twins] = records.filter(({ log }) => log === "flows");
    assert.deepEqual(
      twins.map(({ raw }) => raw),
      [[{ file: join(logs.path, first), line: 1, value: record(601, twin) }]],
    );
    assert.deepEqual(flow?.raw, [
      { file: join(logs.path, first), line: 1, value: record(601, begun) },
      { file: join(logs.path, second), line: 1, value: record(3661, ended) },
    ]);
    const csv = await logs.run(["show", "latest", "--csv"]);
    assert.match(csv.stdout, /^time,log,who,what,places\n/);
    assert.ok(csv.stdout.includes(`${first}:1; ${join(logs.path, second)}:1`), csv.stdout);
  });
});
