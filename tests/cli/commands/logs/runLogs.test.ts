import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { LogResult, Session } from "../../../../cli/audit/records/types.ts";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { runProgram } from "../../../../cli/program.ts";
import { noFacts } from "../../audit/auditLines.ts";
import { fakeIo, type FakeIo, type FakeOptions } from "../../fakeIo.ts";
import { forEachTest, temporaryFolder } from "../../../held.ts";

function record(tunnelId: string, minute: number, facts: object = {}): string {
  return JSON.stringify({
    time: new Date(Date.UTC(2026, 4, 4, 10, minute)).toISOString(),
    resourceId: "/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/BST",
    operationName: "Microsoft.Network/BastionHost/connect",
    category: "BastionAuditLogs",
    location: "westeurope",
    properties: {
      userName: "azureuser",
      userEmail: "ada@example.com",
      clientIpAddress: "203.0.113.7",
      clientPort: 50312,
      protocol: "ssh",
      targetResourceId: "/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/WEB",
      targetVMIPAddress: "10.60.1.4",
      resourceType: "VM",
      userAgent: "Mozilla/5.0",
      message: "Successfully Connected.",
      tunnelId,
      ...facts,
    },
  });
}

describe("logs of a folder", function () {
  this.timeout(60_000);
  const folder = forEachTest(temporaryFolder);

  function write(name: string, ...lines: string[]): void {
    mkdirSync(join(folder.path, name, ".."), { recursive: true });
    writeFileSync(join(folder.path, name), lines.map((line) => `${line}\n`).join(""));
  }

  function start(io: FakeIo, ...words: string[]) {
    const source = words.includes("--source") ? [] : ["--source", "."];
    return runProgram(["logs", ...source, ...words], io, { commands, groups, version: "1" });
  }

  async function logs(words: readonly string[], fake: FakeOptions = {}) {
    const io = fakeIo({ cwd: folder.path, ...fake });
    const exitCode = await start(io, ...words);
    return { exitCode, ...io.written };
  }

  it("have exactly these members in JSON, sorted by start, with null for what no record has", async () => {
    write("b/PT1H.json", record("t2", 5, { userEmail: undefined, clientPort: undefined, message: "Login Failed" }));
    write("a/PT1H.json", record("t1", 0));
    const { exitCode, stdout, stderr } = await logs(["--json", "--from", "2026-05-04"]);
    const common = {
      ...noFacts,
      end: null,
      durationSeconds: null,
      vm: "/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/WEB",
      vmName: "WEB",
      vmIp: "10.60.1.4",
      protocol: "ssh",
      clientIp: "203.0.113.7",
      account: "azureuser",
      userAgent: "Mozilla/5.0",
      bastion: "/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/BST",
      region: "westeurope",
      records: 1,
    };
    const [first] = (JSON.parse(stdout) as { sessions: Session[] }).sessions;
    assert.deepEqual(JSON.parse(stdout), {
      sessions: [
        {
          ...common,
          tunnelId: "t1",
          start: "2026-05-04T10:00:00.000Z",
          state: first?.state,
          clientPort: 50312,
          person: "ada@example.com",
          outcome: "connected",
          message: "Successfully Connected.",
        },
        {
          ...common,
          tunnelId: "t2",
          start: "2026-05-04T10:05:00.000Z",
          state: "closed",
          clientPort: null,
          person: null,
          outcome: "failed",
          message: "Login Failed",
        },
      ],
      unreadable: [],
      coverage: {
        from: "2026-05-04T00:00:00.000Z",
        to: null,
        lastRecord: "2026-05-04T10:05:00.000Z",
        hoursRead: 2,
        recordsRead: 2,
        duplicates: 0,
        receivedUntil: null,
        otherLogs: {},
        hoursWithoutBlob: null,
        blobs: null,
      },
    });
    assert.deepEqual([exitCode, stderr], [0, ""]);
  });

  it("are a table by default, with the number and the age of the records on stderr", async () => {
    write("PT1H.json", record("t1", 0), record("t1", 0));
    const { stdout, stderr } = await logs([], { columns: 100 });
    assert.equal(
      stdout,
      "START                 PERSON           ACCOUNT    VM   FROM         OUTCOME    STATE  TUNNEL  END\n" +
        "2026-05-04 10:00:00Z  ada@example.com  azureuser  WEB  203.0.113.7  connected  open   t1      -\n" +
        "Hidden columns: protocol, message, vm ip. --json has all.\n",
    );
    assert.equal(
      stderr,
      "1 session from 2 records in 1 file, 1 of them twice. Last record: 2026-05-04 10:00:00Z (2h 00m ago).\n",
    );
  });

  it("report what cannot be read by exit code 1, and fail for it with --strict", async () => {
    write("PT1H.json", record("t1", 0), "{oops", record("t2", 1));
    const { exitCode, stdout, stderr } = await logs(["--json"]);
    const { sessions, unreadable } = JSON.parse(stdout) as {
      sessions: Session[];
      unreadable: { file: string; line: number }[];
    };
    assert.deepEqual(
      [exitCode, sessions.length, unreadable.map(({ file, line }) => [file, line])],
      [1, 2, [[join(folder.path, "PT1H.json"), 2]]],
    );
    assert.equal(
      stderr,
      `warning: 1 record could not be read:\n  ${join(folder.path, "PT1H.json")}:2: The record is cut off or damaged.\n`,
    );
    const strict = await logs(["--json", "--strict"]);
    assert.deepEqual([strict.exitCode, strict.stdout], [2, stdout]);
    const records = await logs(["--records", "--json", "--strict"]);
    assert.deepEqual([records.exitCode, records.stderr], [2, stderr]);
    assert.equal((await logs(["--records", "--csv"])).exitCode, 1);
    assert.equal((JSON.parse(records.stdout) as { records: unknown[] }).records.length, 2);
  });

  it("are those of one tunnel by the beginning of its id, and name the candidates where there are several", async () => {
    write("PT1H.json", record("2f1a7a4e-90b8", 0), record("2f1a7a4e-91c2", 1), record("7e1c52ab-4f0e", 2));
    const error = "error: '2f1a' matches several tunnel ids: 2f1a7a4e-90b8, 2f1a7a4e-91c2. Type more of the id.\n";
    for (const words of [["--json"], ["--json", "--records"], ["--csv"], []]) {
      const several = await logs(["--tunnel", "2f1a", ...words]);
      assert.deepEqual([several.exitCode, several.stdout, several.stderr], [2, "", error]);
      const { exitCode, stdout } = await logs(["--tunnel", "2F1A7A4E-91…", ...words]);
      assert.deepEqual([exitCode, stdout.match(/\w+-9\w+/g)], [0, ["2f1a7a4e-91c2"]], words.join(" "));
    }
    const followed = await logs(["--tunnel", "2f1a", "--follow", "--json"]);
    assert.deepEqual([followed.exitCode, followed.stderr], [2, error]);
  });

  it("follow what is appended", async () => {
    write("PT1H.json", record("t1", 0));
    const io = fakeIo({ cwd: folder.path });
    const ended = start(io, "--follow", "--interval", "1s", "--json");
    const tunnels = () =>
      io.written.stdout.split("\n").flatMap((line) => (line === "" ? [] : [(JSON.parse(line) as Session).tunnelId]));
    const until = async (count: number) => {
      for (let waited = 0; tunnels().length < count && waited < 30_000; waited += 50) await delay(50);
    };
    await until(1);
    appendFileSync(join(folder.path, "PT1H.json"), `${record("t2", 1)}\n`);
    await until(2);
    io.interrupt();
    assert.equal(await ended, 0);
    assert.deepEqual(tunnels(), ["t1", "t2"]);
  });

  it("suggest a person of the log where it has nobody of the typed name", async () => {
    write("PT1H.json", record("t1", 0), record("t2", 1, { userEmail: "ben@example.com" }));
    const count = "0 sessions from 2 records in 1 file. Last record: 2026-05-04 10:01:00Z";
    for (const [words, warning] of [
      [["--user", "ad"], "warning: the log has no person 'ad'. Did you mean 'ada@example.com'?\n"],
      [["--user", "ada@example.com", "--vm", "db"], ""],
      [["--user", "zoe@contoso.net"], ""],
    ] as const) {
      const { stdout, stderr } = await logs(words);
      assert.equal(stdout, "No sessions.\n");
      assert.ok(stderr.startsWith(count), stderr);
      assert.equal(stderr.slice(stderr.indexOf("\n") + 1), warning);
    }
  });

  it("can be of one file", async () => {
    write("one.json", record("t1", 0));
    const io = fakeIo({ cwd: folder.path });
    assert.equal(
      await runProgram(["logs", "--source", "one.json", "--csv"], io, { commands, groups, version: "1" }),
      0,
    );
    assert.equal(io.written.stdout.split("\n").length, 3);
  });

  describe("of several hosts", () => {
    const own = "11111111-2222-3333-4444-555555555555";
    const hostOf = (subscription: string) =>
      `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bst`;

    for (const [words, tunnels] of [
      [[], ["t1", "t2"]],
      [["--bastion", hostOf(own)], ["t1"]],
      [["--bastion", hostOf(own).replace(/bst$/, "bs")], []],
      [["--subscription", own.toUpperCase()], ["t1"]],
      [["--subscription", own, "--bastion", hostOf(own).toUpperCase()], ["t1"]],
      [["--subscription", "00000000-0000-0000-0000-000000000000"], []],
    ] as const) {
      for (const form of ["sessions", "records"] as const) {
        it(`are those ${form} of ${words.join(" ") || "all"}`, async () => {
          const of = (tunnel: string, subscription: string) =>
            record(tunnel, 0).replace("/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK", () =>
              hostOf(subscription).toUpperCase().replace("/BASTIONHOSTS/BST", ""),
            );
          write("PT1H.json", of("t1", own), of("t2", own.replace("5555", "6666")));
          const { exitCode, stdout, stderr } = await logs([
            "--json",
            ...words,
            ...(form === "records" ? ["--records"] : []),
          ]);
          const shown = (JSON.parse(stdout) as Record<string, { tunnelId: string }[]>)[form]!;
          assert.deepEqual([exitCode, stderr, shown.map(({ tunnelId }) => tunnelId)], [0, "", tunnels]);
        });
      }
    }

    it("rest on the records of the hosts that are asked for", async () => {
      const of = (tunnel: string, minute: number, subscription: string) =>
        record(tunnel, minute).replace("/SUBSCRIPTIONS/S/", `/SUBSCRIPTIONS/${subscription}/`);
      const other = own.replace("5555", "6666");
      write(
        "PT1H.json",
        of("t1", 0, own),
        of("t1", 0, own),
        of("t2", 1, other),
        of("t2", 1, other),
        of("t3", 1, other),
      );
      const restsOn = async (...words: string[]) => {
        const { coverage } = JSON.parse((await logs(["--json", ...words])).stdout) as Pick<LogResult, "coverage">;
        return [coverage.recordsRead, coverage.duplicates, coverage.lastRecord?.slice(14, 19)];
      };
      assert.deepEqual(await restsOn(), [5, 2, "01:00"]);
      assert.deepEqual(await restsOn("--subscription", own), [2, 1, "00:00"]);
      assert.deepEqual(await restsOn("--subscription", other), [3, 1, "01:00"]);
    });
  });

  const workspace = "11111111-2222-3333-4444-555555555555";
  const host = `/subscriptions/${workspace}/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bst`;
  const other = "00000000-0000-0000-0000-000000000000";
  for (const [words, said] of [
    [
      ["--workspace", workspace, "--archive", "https://st.blob.example"],
      "error: --archive and --workspace cannot be used with --source FOLDER. --archive is for --source archive; " +
        "--workspace is for --source workspace.\n",
    ],
    [
      ["--stack", "dev"],
      "error: --stack cannot be used with --source FOLDER. --stack is for --source archive and workspace.\n",
    ],
    [
      ["--source", "archive", "--workspace", workspace],
      "error: --workspace cannot be used with --source archive. --workspace is for --source workspace.\n",
    ],
    [
      ["--source", "workspace", "--archive", "https://st.blob.example"],
      "error: --archive cannot be used with --source workspace. --archive is for --source archive.\n",
    ],
    [
      ["--bastion", host, "--subscription", other],
      `error: The Bastion host ${host} is not in the subscription ${other}. Leave --bastion or --subscription out.\n`,
    ],
    [["--late", "8h"], "error: --late cannot be used with --source FOLDER. --late is for --source archive.\n"],
    [["--json", "--csv"], "error: --json and --csv cannot be combined. Use one of them.\n"],
    [["--interval", "5s"], "error: --interval requires --follow. Add --follow, or omit --interval.\n"],
    [
      ["--follow", "--to", "2026-05-04"],
      "error: --follow has no end, and shows what is new. Leave out --to or --follow.\n",
    ],
    [["--records", "--follow"], "error: --follow shows sessions, not records. Leave out --records or --follow.\n"],
    [
      ["--from", "2026-05-05", "--to", "2026-05-04", "--ip", "203.0.113", "--stack", "dev", "--records", "--follow"],
      "error: --follow shows sessions, not records. Leave out --records or --follow.\n" +
        "error: --follow has no end, and shows what is new. Leave out --to or --follow.\n" +
        "error: The time range is empty: it ends at 2026-05-04T00:00:00.000Z and begins at 2026-05-05T00:00:00.000Z. " +
        "Use a later --to or an earlier --from.\n" +
        "error: '203.0.113' is not an IP address. " +
        "Use an address such as 203.0.113.7, or a range such as 203.0.113.0/24.\n" +
        "error: --stack cannot be used with --source FOLDER. --stack is for --source archive and workspace.\n",
    ],
  ] as const) {
    it(`refuse ${words.join(" ")}`, async () => {
      const stderr = said.replace("FOLDER", ".");
      assert.deepEqual(await logs(words), { exitCode: 2, stdout: "", stderr });
    });
  }

  it("say that a link leads nowhere", async () => {
    symlinkSync("loop", join(folder.path, "loop"));
    assert.deepEqual(await logs(["--source", "loop"]), {
      exitCode: 2,
      stdout: "",
      stderr: `error: ${join(folder.path, "loop")} cannot be read: its symbolic links form a loop. --source takes archive, workspace, or a folder or file of downloaded logs.\n`,
    });
  });

  it("say that there is no such folder", async () => {
    const { exitCode, stderr } = await logs(["--source", "nope"]);
    assert.deepEqual([exitCode, stderr.includes(`File or folder not found: ${join(folder.path, "nope")}.`)], [2, true]);
  });
});
