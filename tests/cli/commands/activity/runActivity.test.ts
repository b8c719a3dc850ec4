import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActivityResult, Activity } from "../../../../cli/audit/activity/types.ts";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { runProgram } from "../../../../cli/program.ts";
import {
  allowName,
  at,
  correlationId,
  defenderApp,
  initiate,
  jitBody,
  nsgId,
  nsgWrite,
  policyId,
  ruleWrite,
  subscription,
  vmId,
  wireRule,
} from "../../audit/activity/events.ts";
import { fakeIo, type FakeOptions } from "../../fakeIo.ts";
import { forEachTest, temporaryFolder } from "../../../held.ts";

const other = "99999999-2222-3333-4444-555555555555";

const ada = { claims: { upn: "ada@example.com", appid: "cli-app" } };

/** A line of the archive. */
function line(seconds: number, operationName: string, resourceId: string, more: object = {}): string {
  return JSON.stringify({
    time: at(seconds),
    resourceId: resourceId.toUpperCase(),
    operationName: operationName.toUpperCase(),
    category: "Administrative",
    resultType: "Success",
    callerIpAddress: "203.0.113.7",
    correlationId,
    identity: ada,
    properties: {},
    ...more,
  });
}

const body = (requestbody: unknown) => ({ requestbody: JSON.stringify(requestbody) });
const begin = line(0, initiate, policyId, { resultType: "Start", properties: body(jitBody) });
const onVm = line(1, initiate, vmId);
const byDefender = line(2, nsgWrite, nsgId, {
  identity: { claims: { oid: "defender", appid: defenderApp } },
  callerIpAddress: "",
  properties: body({ properties: { securityRules: [wireRule(allowName), wireRule("AllowWeb")] } }),
});
const end = line(3, initiate, policyId);
const openedByAda = line(600, ruleWrite, `${nsgId}/securityRules/OpenSsh`, {
  correlationId: "other",
  properties: body({ properties: { ...wireRule("").properties, sourceAddressPrefix: "*" } }),
});

describe("activity of a folder", function () {
  this.timeout(60_000);
  const folder = forEachTest(temporaryFolder);

  function write(name: string, text: string): void {
    mkdirSync(join(folder.path, name, ".."), { recursive: true });
    writeFileSync(join(folder.path, name), text);
  }

  async function activity(words: readonly string[], fake: FakeOptions = {}) {
    const io = fakeIo({ cwd: folder.path, now: "2026-05-04T13:00:00Z", ...fake });
    const source = words.includes("--source") ? [] : ["--source", "."];
    const exitCode = await runProgram(["activity", ...source, ...words], io, { commands, groups, version: "1" });
    return { exitCode, ...io.written };
  }

  async function document(...words: string[]) {
    const { exitCode, stdout } = await activity([...words, "--json"]);
    assert.equal(exitCode, 0);
    return JSON.parse(stdout) as { activities: Activity[] } & Pick<ActivityResult, "unreadable" | "coverage">;
  }

  it("has exactly these members in JSON, sorted by time, with null for what no event has", async () => {
    write("b/PT1H.json", [end, begin, onVm].join("\n"));
    write("a/PT1H.json", `\uFEFF${byDefender}\r\n\r\n${begin}\r\n`);
    const { activities, unreadable, coverage } = await document("--from", "2026-05-04", "--only", "requests");
    assert.deepEqual(activities, [
      {
        time: at(0),
        lastTime: at(3),
        kind: "request",
        action: "initiate",
        status: "succeeded",
        error: null,
        caller: "ada@example.com",
        callerNames: ["ada@example.com"],
        callerName: null,
        callerApp: "cli-app",
        callerIp: "203.0.113.7",
        correlationId,
        operationIds: [],
        events: 3,
        vms: [
          {
            id: vmId,
            name: "web",
            ports: [{ number: 22, source: "10.60.0.0/26", until: at(3600), durationSeconds: 3600 }],
          },
        ],
        acceptedVms: [vmId],
        reason: "INC-1",
        resource: policyId.toUpperCase(),
        rules: [
          {
            name: allowName,
            access: "allow",
            direction: "inbound",
            priority: 100,
            protocol: "tcp",
            sources: ["10.60.0.0/26"],
            destinations: ["10.60.1.4"],
            ports: ["22"],
            sourcePorts: ["*"],
            description: wireRule("").properties.description,
            jitName: true,
          },
        ],
        repeated: [],
        removed: [],
        opens: null,
        beyond: null,
        origin: null,
        originBy: null,
        request: null,
      },
    ]);
    assert.deepEqual(unreadable, []);
    assert.deepEqual(coverage, {
      from: "2026-05-04T00:00:00.000Z",
      to: null,
      lastRecord: at(3),
      hoursRead: 2,
      recordsRead: 5,
      duplicates: 1,
      receivedUntil: null,
      otherLogs: {},
      hoursWithoutBlob: null,
      blobs: null,
    });
  });

  it("reads what the REST API and the Azure CLI answered, wrapped or not, and leaves out what is not about access", async () => {
    const rest = (resourceId: string, operation: string) => ({
      eventTimestamp: at(0),
      operationName: { value: operation },
      status: { value: "Succeeded" },
      resourceId,
      correlationId,
    });
    write("rest.json", JSON.stringify({ value: [rest(policyId, initiate), rest(vmId, "Microsoft.Compute/x/write")] }));
    write("az.json", JSON.stringify([rest(vmId, initiate)], null, 2));
    write("records.json", JSON.stringify({ records: [JSON.parse(openedByAda)] }));
    const { activities, unreadable } = await document();
    assert.deepEqual(unreadable, []);
    assert.deepEqual(
      activities.map(({ kind, events }) => [kind, events]),
      [
        ["request", 2],
        ["rule", 1],
      ],
    );
  });

  it("is what began in the range, whole", async () => {
    write("PT1H.json", [begin, onVm, byDefender, end, openedByAda].join("\n"));
    const kinds = async (...words: string[]) =>
      (await document(...words)).activities.map(({ kind, events }) => [kind, events]);
    assert.deepEqual(await kinds("--from", at(1)), [
      ["rule", 1],
      ["rule", 1],
    ]);
    assert.deepEqual(await kinds("--from", at(-1), "--to", at(1)), [["request", 3]]);
    assert.deepEqual((await document("--since", "1m")).activities, []);
  });

  it("names what cannot be read, and ends with 1, or 2 if that is asked for", async () => {
    write("PT1H.json", `${begin}\n{"time": "2026-05-04T12:00:00Z"}\n${openedByAda.slice(0, 80)}\n`);
    const { exitCode, stdout, stderr } = await activity(["--strict", "--json"]);
    const { unreadable, activities } = JSON.parse(stdout) as { unreadable: object[]; activities: object[] };
    const file = join(folder.path, "PT1H.json");
    assert.deepEqual(unreadable, [
      { file, line: 2, reason: "This is not an entry of a known log." },
      { file, line: 3, reason: "The record is cut off or damaged." },
    ]);
    assert.deepEqual([exitCode, activities.length], [2, 1]);
    assert.match(stderr, /^warning: 2 records could not be read:\n/);
    assert.equal((await activity(["--json"])).exitCode, 1);
  });

  it("names a member that cannot be read beside its event, and ends with 0, or 2 if that is asked for", async () => {
    write("PT1H.json", line(0, initiate, policyId, { properties: "Microsoft.Azure.PSDictionary" }));
    const { exitCode, stderr } = await activity(["--csv"]);
    const reason = "Its 'properties' is not a JSON object: Microsoft.Azure.PSDictionary. The event is read without it.";
    assert.deepEqual(
      [exitCode, stderr.split("\n").slice(0, 2)],
      [0, ["warning: 1 value or file skipped:", `  ${join(folder.path, "PT1H.json")}:1: ${reason}`]],
    );
    assert.equal((await activity(["--strict"])).exitCode, 2);
  });

  it("names a half last line of a blob that still grows", async () => {
    const file = "y=2026/m=05/d=04/h=12/m=00/PT1H.json";
    write(file, `${begin}\n${onVm.slice(0, 80)}`);
    const { activities, unreadable } = await document();
    const reason = "The last record is cut off: it may still be written.";
    assert.deepEqual(
      [activities[0]?.events, unreadable],
      [1, [{ file: join(folder.path, file), line: 2, reason, skipped: true }]],
    );
  });

  it("is a table that marks who changed rules, in a terminal with colours", async () => {
    write("PT1H.json", [begin, onVm, byDefender, end, openedByAda].join("\n"));
    const { stdout, stderr } = await activity([]);
    const rows = stdout.split("\n").map((row) => row.split(/ {2,}/).slice(0, 9));
    assert.deepEqual(rows.slice(0, 4), [
      ["TIME", "WHO", "VM", "KIND", "PORTS", "REASON", "BY", "STATUS", "FOR"],
      ["2026-05-04 12:00:00Z", "ada@example.com", "web", "request", "22", "INC-1", "-", "succeeded", "1h 00m"],
      ["2026-05-04 12:00:02Z", "Defender for Cloud", "web", "rule write", "22", "-", "jit", "succeeded", "-"],
      ["2026-05-04 12:10:00Z", "ada@example.com", "-", "rule write", "22", "-", "outside", "succeeded", "-"],
    ]);
    assert.equal(stderr, "3 activities from 5 records in 1 file. Last record: 2026-05-04 12:10:00Z (50m 00s ago).\n");
    const { stdout: coloured } = await activity([], { columns: 220, colour: true });
    assert.match(coloured, /\u001b\[31moutside\u001b\[39m/);
    assert.match(coloured, /\u001b\[32mjit\u001b\[39m/);
  });

  it("has all facts in CSV", async () => {
    write("PT1H.json", [begin, byDefender].join("\n"));
    const [head, , written] = (await activity(["--csv"])).stdout.split("\n");
    assert.equal(
      head,
      "time,caller,vms,kind,ports,reason,origin,status,durationSeconds,until,opens,beyond,sources,resource,callerIp,correlationId," +
        "lastTime,error,callerName,callerApp,originBy,rules,removed,requestCorrelationId,requestTime,requestCaller," +
        "operationIds,events",
    );
    assert.equal(
      written,
      `${at(2)},defender,${vmId},rule write,22,,jit,succeeded,,,yes,,10.60.0.0/26,${nsgId.toUpperCase()},,${correlationId},` +
        `${at(2)},,,${defenderApp},client-id,${allowName},,${correlationId},${at(0)},ada@example.com,,1`,
    );
  });

  it("is that of one subscription where that is asked for", async () => {
    write("PT1H.json", `${[begin, end, openedByAda.replaceAll(subscription, other)].join("\n")}\n`);
    const kinds = async (...words: string[]) => (await document(...words)).activities.map(({ kind }) => kind);
    assert.deepEqual(await kinds(), ["request", "rule"]);
    assert.deepEqual(await kinds("--subscription", subscription), ["request"]);
    assert.deepEqual(await kinds("--subscription", other), ["rule"]);
  });

  it("says that there is none", async () => {
    const { exitCode, stdout, stderr } = await activity([]);
    assert.deepEqual(
      [exitCode, stdout, stderr],
      [0, "No activity.\n", "0 activities from 0 records in 0 files. No record has arrived.\n"],
    );
  });

  it("suggests a caller where the log has nobody of the typed name", async () => {
    write("PT1H.json", [begin, openedByAda].join("\n"));
    const { stdout, stderr } = await activity(["--user", "ada"]);
    assert.equal(stdout, "No activity.\n");
    assert.equal(stderr.split("\n")[0], "warning: the log has no person 'ada'. Did you mean 'ada@example.com'?");
  });

  it("takes the name of --only outside in an earlier version, and refuses others", async () => {
    write("PT1H.json", [begin, openedByAda].join("\n"));
    const { stdout } = await activity(["--only", "hand", "--csv"]);
    assert.deepEqual(stdout.trimEnd().split("\n").length, 2);
    const { exitCode, stderr } = await activity(["--only", "mine"]);
    assert.deepEqual([exitCode, stderr.includes("Must be one of requests, rules, outside, policies.")], [2, true]);
  });

  it("spells VMs as the outputs do, and shows a VM's own rules by the group that they name", async () => {
    const upper = JSON.parse(begin) as { properties: { requestbody: string } };
    const asked = JSON.stringify({ ...upper, properties: { requestbody: upper.properties.requestbody.toUpperCase() } });
    write("PT1H.json", [asked, openedByAda, openedByAda.replaceAll("WEB-NSG", "DB-NSG")].join("\n"));
    const vm = { name: "web", id: vmId, privateIp: "10.60.1.4", jitPolicyId: policyId };
    const shown = async (vms: object[]) => {
      const outputs = `${folder.path}-outputs`;
      writeFileSync(outputs, JSON.stringify({ vms }));
      const { stdout, stderr } = await activity(["--vm", "WEB", "--outputs", outputs, "--json"]);
      rmSync(outputs);
      const { activities } = JSON.parse(stdout) as { activities: Activity[] };
      return { what: activities.map(({ kind, vms, resource }) => [kind, vms[0]?.id, resource?.split("/")[8]]), stderr };
    };
    assert.deepEqual(await shown([{ ...vm, nsgId }]), {
      what: [
        ["request", vmId, "WESTEUROPE"],
        ["rule", vmId, "WEB-NSG"],
      ],
      stderr: "",
    });
    const { what, stderr } = await shown([vm]);
    assert.equal(what.length, 3);
    assert.equal(
      stderr,
      "note: The network security groups of WEB are not known: of the rules, only those that name it or its address are shown.\n",
    );
  });

  for (const [words, said] of [
    [
      ["--workspace", subscription],
      "error: --workspace cannot be used with --source .. --workspace is for --source workspace.\n",
    ],
    [
      ["--source", "api", "--archive", "https://st.blob.example"],
      "error: --archive cannot be used with --source api. --archive is for --source archive.\n",
    ],
    [["--json", "--csv"], "error: --json and --csv cannot be combined. Use one of them.\n"],
    [
      ["--since", "1h", "--to", "2026-05-04"],
      "error: --since cannot be combined with --from or --to. Pass --since, or --from and --to.\n",
    ],
    [
      ["--json", "--csv", "--from", "2026-05-05", "--to", "2026-05-04"],
      "error: --json and --csv cannot be combined. Use one of them.\n" +
        "error: The time range is empty: it ends at 2026-05-04T00:00:00.000Z and begins at 2026-05-05T00:00:00.000Z. " +
        "Use a later --to or an earlier --from.\n",
    ],
  ] as const) {
    it(`refuses ${words.join(" ")}`, async () => {
      assert.deepEqual(await activity(words), { exitCode: 2, stdout: "", stderr: said });
    });
  }
});

describe("activity of a deployment", () => {
  for (const [words, said] of [
    [
      ["--source", "archive"],
      "error: The archive of the activity log is not known. Pass --archive URL, or set activityLogExport in the " +
        "stack's config and name the deployment with --stack, --outputs or --profile.\n",
    ],
    [
      ["--source", "workspace"],
      "error: The Log Analytics workspace is not known. Pass --workspace ID, or name the deployment with " +
        "--stack, --outputs or --profile.\n",
    ],
    [
      [],
      "error: The Azure subscription is not known. Pass --subscription ID, or name the deployment with " +
        "--stack, --outputs or --profile.\n",
    ],
  ] as const) {
    it(`says what it lacks: activity ${words.join(" ")}`, async () => {
      const io = fakeIo({ cwd: tmpdir() });
      const exitCode = await runProgram(["activity", ...words], io, { commands, groups, version: "1" });
      assert.deepEqual({ exitCode, ...io.written }, { exitCode: 2, stdout: "", stderr: said });
    });
  }
});
