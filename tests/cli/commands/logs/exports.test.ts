import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Session, Unreadable } from "../../../../cli/audit/records/types.ts";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { runProgram } from "../../../../cli/program.ts";
import { blobRecord, lines, LogFolder } from "../../audit/auditLines.ts";
import { fakeIo } from "../../fakeIo.ts";

interface Answer {
  readonly sessions?: readonly Session[];
  readonly activities?: readonly { readonly resource: string }[];
  readonly unreadable: readonly Unreadable[];
  readonly coverage: { readonly otherLogs: object; readonly duplicates: number };
}

async function run(folder: LogFolder, ...words: string[]) {
  const io = fakeIo({ cwd: folder.path });
  const exitCode = await runProgram(words, io, { commands, groups, version: "1" });
  return { exitCode, ...io.written };
}

async function answer(folder: LogFolder, ...words: string[]): Promise<Answer & { readonly exitCode: number }> {
  const { exitCode, stdout } = await run(folder, ...words, "--json", "--strict");
  return { ...(JSON.parse(stdout) as Answer), exitCode };
}

const records = [
  blobRecord({ tunnelId: "t1" }),
  blobRecord(
    {
      tunnelId: "t1",
      message: "Successfully Disconnected",
      sessionStartTime: "2026-05-04T10:00:00.1234567Z",
      sessionEndTime: "2026-05-04T10:12:05Z",
      duration: 724_877,
    },
    { time: "2026-05-04T10:12:05.0000000Z" },
  ),
  blobRecord({
    tunnelId: "t2",
    message: "Login Failed",
    userEmail: 'o"neill, Zoë\n\u001b[0m@example.com',
    protocol: "RDP",
  }),
  blobRecord({ tunnelId: undefined, userEmail: undefined }),
];

describe("an empty file", () => {
  it("is unreadable if it is a compressed one or a blob of an hour that is over, and else has no records", async () => {
    using folder = new LogFolder();
    const blob = join("y=2026", "m=05", "d=04", "h=10", "m=00", "PT1H.json");
    for (const name of [blob, "a.json.gz", "b.ZST", "c.json", "d.csv", "README"]) folder.write(name, "");
    folder.write("e.json", lines(records[0]));
    const { sessions, unreadable, exitCode } = await answer(folder, "logs", "--source", ".");
    assert.deepEqual([sessions?.length, exitCode], [1, 2]);
    const reason = "The file is empty: perhaps its download failed.";
    assert.deepEqual(
      unreadable,
      ["a.json.gz", "b.ZST", blob].map((name) => ({ file: join(folder.path, name), line: null, reason })),
    );
    assert.equal((await run(folder, "logs", "--source", ".")).exitCode, 1);
  });
});

describe("records that logs has saved", () => {
  for (const format of ["json", "csv"]) {
    it(`are the same sessions when they are read from --${format}`, async () => {
      using from = new LogFolder();
      using saved = new LogFolder();
      from.write("PT1H.json", lines(...records));
      const { exitCode, stdout } = await run(from, "logs", "--source", ".", "--records", `--${format}`, "--strict");
      assert.equal(exitCode, 0);
      saved.write(`saved.${format}`, stdout);
      const before = await answer(from, "logs", "--source", ".");
      assert.equal(before.sessions?.length, 3);
      assert.deepEqual(await answer(saved, "logs", "--source", "."), before);
    });
  }

  it("are the same sessions when they are read from an evidence pack", async () => {
    using from = new LogFolder();
    using saved = new LogFolder();
    from.write("PT1H.json", lines(...records));
    const packed = await run(from, "evidence", "pack", "--source", ".", "--out", `${saved.path}/pack`);
    assert.equal(packed.exitCode, 0, packed.stderr);
    const { sessions } = await answer(from, "logs", "--source", ".");
    assert.deepEqual((await answer(saved, "logs", "--source", "pack/records/audit.ndjson")).sessions, sessions);
  });

  it("say what was lost and what was skipped when they were saved", async () => {
    using from = new LogFolder();
    using saved = new LogFolder();
    from.write("PT1H.json", lines(records[0], "{oops"));
    from.write("README.md", "Logs of May");
    const before = await run(from, "logs", "--source", ".", "--records", "--json");
    const [blob, readme] = ["PT1H.json", "README.md"].map((name) => join(from.path, name));
    const [damaged, noLog] = [
      "The record is cut off or damaged.",
      "This file is neither JSON nor CSV with a column for the time.",
    ];
    assert.deepEqual((JSON.parse(before.stdout) as Answer).unreadable, [
      { file: blob, line: 2, reason: damaged },
      { file: readme, line: null, reason: noLog, skipped: true },
    ]);
    saved.write("saved.json", before.stdout);
    const { exitCode, sessions, unreadable } = await answer(saved, "logs", "--source", ".");
    assert.deepEqual([exitCode, sessions?.length], [2, 1]);
    assert.deepEqual(
      unreadable.map(({ reason, skipped }) => ({ reason, skipped })),
      [
        { reason: `It was saved without ${blob}:2: ${damaged}`, skipped: undefined },
        { reason: `It was saved without ${readme}: ${noLog}`, skipped: true },
      ],
    );
  });
});

describe("a folder with the containers of an archive", () => {
  const hour = "y=2026/m=05/d=04/h=10/m=00/PT1H.json";
  const entry = (category: string, more: object = {}) => ({ time: "2026-05-04T10:00:00Z", category, ...more });
  const nsg = "/SUBSCRIPTIONS/S/RESOURCEGROUPS/APP/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/WEB";
  const rule = entry("Administrative", {
    resourceId: `${nsg}/SECURITYRULES/OPEN`,
    operationName: "MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/SECURITYRULES/WRITE",
    resultType: "Success",
    identity: { claims: { name: "ada" } },
  });

  function download(): LogFolder {
    const folder = new LogFolder();
    folder.write(`insights-logs-bastionauditlogs/resourceId=/B/${hour}`, lines(...records));
    folder.write(
      `insights-activity-logs/resourceId=/S/${hour}`,
      lines(rule, entry("ServiceHealth", { operationName: "Microsoft.ServiceHealth/incident/action" })),
    );
    const flow = entry("NetworkSecurityGroupFlowEvent", { operationName: "NetworkSecurityGroupFlowEvents" });
    folder.write(`insights-logs-networksecuritygroupflowevent/${hour}`, JSON.stringify({ records: [flow, flow] }));
    folder.write(
      `insights-logs-flowlogflowevent/${hour}`,
      JSON.stringify({ records: [entry("FlowLogFlowEvent")] }, null, 2),
    );
    const metric = {
      time: "2026-05-04T10:00:00Z",
      resourceId: "/B",
      metricName: "sessions",
      timeGrain: "PT1M",
      count: 1,
    };
    folder.write(`insights-metrics-pt1m/${hour}`, lines(metric));
    return folder;
  }

  it("has the sessions of its audit log, and the others' entries counted", async () => {
    using folder = download();
    const { exitCode, sessions, unreadable, coverage } = await answer(folder, "logs", "--source", ".");
    assert.deepEqual([exitCode, sessions?.length, unreadable], [0, 3, []]);
    assert.deepEqual(coverage.otherLogs, {
      Administrative: 1,
      AllMetrics: 1,
      FlowLogFlowEvent: 1,
      NetworkSecurityGroupFlowEvent: 2,
      ServiceHealth: 1,
    });
    const { stderr } = await run(folder, "logs", "--source", ".", "--records");
    assert.equal(
      stderr,
      "Skipped 6 entries of other logs: 1 Administrative, 1 AllMetrics, 1 FlowLogFlowEvent, 2 NetworkSecurityGroupFlowEvent, 1 ServiceHealth.\n",
    );
  });

  it("has the activity of its activity log, and the others' entries counted", async () => {
    using folder = download();
    const { exitCode, activities, unreadable, coverage } = await answer(folder, "activity", "--source", ".");
    assert.deepEqual(
      [exitCode, activities?.map(({ resource }) => resource), unreadable],
      [0, [`${nsg}/SECURITYRULES/OPEN`], []],
    );
    assert.deepEqual(coverage.otherLogs, {
      AllMetrics: 1,
      BastionAuditLogs: 4,
      FlowLogFlowEvent: 1,
      NetworkSecurityGroupFlowEvent: 2,
    });
  });

  for (const command of ["logs", "activity"]) {
    it(`with an entry that cannot be read ends ${command} with 1, or 2 with --strict, and all else is read`, async () => {
      using folder = download();
      const whole = (await run(folder, command, "--source", ".", "--csv")).stdout;
      symlinkSync("nowhere", join(folder.path, "link"));
      const [plain, strict] = [
        await run(folder, command, "--source", ".", "--csv"),
        await run(folder, command, "--source", ".", "--csv", "--strict"),
      ];
      assert.deepEqual([plain.exitCode, strict.exitCode, plain.stdout], [1, 2, whole]);
      assert.match(plain.stderr, /^warning: 1 file could not be read:\n {2}.*link: Cannot be read: it does not exist/);
    });

    it(`with a note beside the logs ends ${command} with 0, or 2 with --strict`, async () => {
      using folder = download();
      folder.write("README.md", "Downloaded on Monday.\n");
      const [plain, strict] = [
        await run(folder, command, "--source", "."),
        await run(folder, command, "--source", ".", "--strict"),
      ];
      assert.deepEqual([plain.exitCode, strict.exitCode], [0, 2]);
      assert.match(
        plain.stderr,
        /^warning: 1 value or file skipped:\n {2}.*README\.md: This file is neither JSON nor CSV/,
      );
    });
  }
});

describe("output that is no log", () => {
  const outputs: readonly (readonly [words: readonly string[], rows: number, reason: string])[] = [
    [["logs", "--json"], 1, "This is the output of logs, with sessions instead of records: save it with --records."],
    [["logs", "--csv"], 3, "This is the output of logs, with sessions instead of records: save it with --records."],
    [["trail", "--json"], 1, "This is the output of trail, not a log."],
    [["trail", "--csv"], 3, "This is the output of trail, not a log."],
    [["trail", "--ndjson"], 3, "This is the output of trail, not a log."],
    [["activity", "--json"], 1, "This is the output of activity, not a log."],
    [["activity", "--csv"], 1, "This is the output of activity, not a log."],
  ];
  for (const [words, rows, reason] of outputs) {
    it(`is named as that of ${words.join(" ")}`, async () => {
      using from = new LogFolder();
      using saved = new LogFolder();
      from.write("PT1H.json", lines(...records));
      from.write(
        "events.json",
        lines({
          time: "2026-05-04T10:00:00Z",
          operationName: "Microsoft.Network/networkSecurityGroups/securityRules/delete",
          category: "Administrative",
          resourceId:
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/n/securityRules/r",
        }),
      );
      const file = saved.write("saved", (await run(from, ...words, "--source", ".")).stdout);
      const { unreadable } = await answer(saved, "logs", "--source", ".");
      assert.deepEqual(
        unreadable.map((one) => [one.file, one.reason]),
        Array.from({ length: rows }, () => [file, reason]),
      );
      assert.deepEqual((await answer(saved, "activity", "--source", ".")).unreadable, unreadable);
    });
  }
});
