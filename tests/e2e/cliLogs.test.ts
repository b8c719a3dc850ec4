import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { AuditRecord } from "../../cli/audit/fields.ts";
import type { LogResult, Session } from "../../cli/audit/records/types.ts";
import { needsChdb } from "../sandbox/query/queryPlane.ts";
import { forSuite } from "../held.ts";
import { ada, TestSandbox } from "./harness.ts";
import { cliBin } from "../cliBin.ts";

type LogsDocument = Pick<LogResult, "unreadable" | "coverage"> & { readonly sessions: readonly Session[] };

describe("logs of a deployment in the sandbox", () => {
  const sandbox = forSuite(() => TestSandbox.start());
  before(async () => {
    await sandbox.up();
    await sandbox.request("web");
    assert.equal((await sandbox.connect("web")).outcome, "connected");
    assert.equal((await sandbox.connect("web", "--wrong-password")).outcome, "loginFailed");
  });

  function start(...args: string[]) {
    const env = { ...process.env, ...sandbox.environment() };
    return spawn(process.execPath, [cliBin, ...args], { env, cwd: sandbox.folder, stdio: ["ignore", "pipe", "pipe"] });
  }

  async function run(...args: string[]) {
    const child = start(...args);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    const [exitCode] = (await once(child, "close")) as [number | null];
    return { exitCode, stdout, stderr };
  }

  async function logs(...args: string[]): Promise<LogsDocument> {
    const { exitCode, stdout, stderr } = await run("logs", "--json", ...args);
    assert.deepEqual([exitCode, stderr], [0, ""]);
    return JSON.parse(stdout) as LogsDocument;
  }

  it("have the sessions from the archive, with no setting but the sandbox's environment", async () => {
    const { sessions, unreadable, coverage } = await logs();
    assert.deepEqual(
      // Azure writes ids in its logs in upper case.
      sessions.map(({ person, vmName, outcome, state }) => ({ person, vmName: vmName?.toLowerCase(), outcome, state })),
      [
        { person: ada, vmName: "web", outcome: "connected", state: "open" },
        { person: ada, vmName: "web", outcome: "failed", state: "closed" },
      ],
    );
    assert.deepEqual(unreadable, []);
    assert.equal(coverage.recordsRead, 2);
  });

  it("keep what was read in the sandbox's folder, for its owner only", () => {
    const cache = join(sandbox.folder, "cache");
    const entries = readdirSync(cache, { recursive: true, encoding: "utf8" }).map((path) => join(cache, path));
    assert.ok(entries.length > 0);
    for (const path of entries) {
      assert.equal(statSync(path).mode & 0o077, 0, path);
    }
  });

  it("can be filtered, and shown as table and CSV", async () => {
    assert.equal((await logs("--outcome", "failed", "--user", ada.toUpperCase())).sessions.length, 1);
    assert.deepEqual((await logs("--vm", "nope")).sessions, []);
    const table = await run("logs");
    assert.match(table.stdout, /^START +PERSON +ACCOUNT +VM .*\n2.* ada@example\.com .* connected /);
    assert.match(table.stderr, /^2 sessions from 2 records in \d+ files?\. Last record: .*\n$/);
    assert.match((await run("logs", "--csv")).stdout, /^start,person,account,vm,clientIp,outcome,/);
  });

  it("have the same sessions from the workspace, folded alike", async function () {
    await needsChdb.call(this);
    // Azure writes ids in a table in lower case and in blobs in upper case.
    const comparable = ({ sessions }: LogsDocument) =>
      sessions.map((session) => ({
        ...session,
        vm: session.vm?.toLowerCase(),
        vmName: session.vmName?.toLowerCase(),
        bastion: session.bastion?.toLowerCase(),
      }));
    const fromWorkspace = await logs("--source", "workspace");
    assert.deepEqual(comparable(fromWorkspace), comparable(await logs()));
    const { recordsRead, hoursRead, duplicates } = fromWorkspace.coverage;
    assert.deepEqual({ recordsRead, hoursRead, duplicates }, { recordsRead: 2, hoursRead: null, duplicates: 0 });
    assert.deepEqual(
      (
        await logs("--source", "workspace", "--outcome", "failed", "--user", ada.toUpperCase(), "--vm", "WEB")
      ).sessions.map(({ person, outcome }) => ({ person, outcome })),
      [{ person: ada, outcome: "failed" }],
    );
    assert.deepEqual((await logs("--source", "workspace", "--user", `${ada}" or true //`)).sessions, []);
  });

  it("have the records behind them", async () => {
    const { exitCode, stdout } = await run("logs", "--records", "--json", "--outcome", "failed");
    const { records } = JSON.parse(stdout) as { records: AuditRecord[] };
    assert.deepEqual([exitCode, records.map(({ message, person }) => [message, person])], [0, [["Login Failed", ada]]]);
  });

  it("are shown as they come with --follow", async () => {
    const child = start("logs", "--follow", "--interval", "1s", "--json");
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    const lines = () => stdout.split("\n").filter((line) => line !== "");
    const until = async (count: number) => {
      for (let waited = 0; lines().length < count && waited < 60_000; waited += 100) await delay(100);
      assert.equal(lines().length, count, stderr);
    };
    try {
      await until(2);
      assert.equal((await sandbox.connect("web", "--account", "second")).outcome, "connected");
      await until(3);
      assert.equal((JSON.parse(lines()[2] ?? "") as Session).account, "second");
    } finally {
      child.kill("SIGINT");
    }
    const [exitCode] = (await once(child, "close")) as [number | null];
    assert.deepEqual([exitCode, stderr], [0, ""]);
  });

  it("end with the sandbox's clock, not this machine's, where --since says how much is read", async () => {
    assert.notEqual((await logs("--since", "2h")).sessions.length, 0);
    await sandbox.succeed("clock", "+30h");
    assert.deepEqual((await logs("--since", "2h")).sessions, []);
    assert.notEqual((await logs("--since", "40h")).sessions.length, 0);
    await sandbox.request("web");
    assert.equal((await sandbox.connect("web", "--account", "later")).outcome, "connected");
    assert.deepEqual(
      (await logs("--since", "1h")).sessions.map(({ account }) => account),
      ["later"],
    );
    const { exitCode, stdout } = await run("activity", "--since", "1h", "--only", "requests", "--json");
    const { activities } = JSON.parse(stdout) as { activities: unknown[] };
    assert.deepEqual([exitCode, activities.length], [0, 1]);
  });

  it("say what to do when nobody may read them", async () => {
    const { exitCode, stdout, stderr } = await run("logs", "--archive", "https://127.0.0.1:1/nothing", "--json");
    assert.deepEqual([exitCode, stdout], [2, ""]);
    assert.match(stderr, /^error: [A-Z][^\n]*\. [A-Z][^\n]*\.\n$/);
    assert.ok(!existsSync(join(sandbox.folder, "cache", "archive", "nothing")));
  });
});
