import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { activityOptions } from "../../cli/commands/activity/options.ts";
import { runActivity } from "../../cli/commands/activity/runActivity.ts";
import { runConnect } from "../../cli/commands/connect/connect.ts";
import { connectOptions } from "../../cli/commands/connect/options.ts";
import { runDoctor } from "../../cli/commands/doctor/doctor.ts";
import { doctorOptions } from "../../cli/commands/doctor/options.ts";
import { runJitLs } from "../../cli/commands/jit/list.ts";
import { jitLsOptions } from "../../cli/commands/jit/lsOptions.ts";
import { runJitRequest } from "../../cli/commands/jit/request.ts";
import { jitRequestOptions } from "../../cli/commands/jit/requestOptions.ts";
import { runJitRevoke } from "../../cli/commands/jit/revoke.ts";
import { jitRevokeOptions } from "../../cli/commands/jit/revokeOptions.ts";
import { logsOptions } from "../../cli/commands/logs/options.ts";
import { runLogs } from "../../cli/commands/logs/runLogs.ts";
import { runSessionsKill } from "../../cli/commands/sessions/kill.ts";
import { sessionsKillOptions } from "../../cli/commands/sessions/killOptions.ts";
import { runSessionsLs } from "../../cli/commands/sessions/list.ts";
import { sessionsLsOptions } from "../../cli/commands/sessions/lsOptions.ts";
import { statusOptions } from "../../cli/commands/status/options.ts";
import { runStatus } from "../../cli/commands/status/runStatus.ts";
import { hourMs } from "../../cli/time.ts";
import { blobRecord, lines } from "./audit/auditLines.ts";
import { AccessBench, given, noLog } from "./accessBench.ts";
import type { FakeIo } from "./fakeIo.ts";
import { forSuite } from "../held.ts";

/** The JSON documents in a section of docs/cli.md, in order. */
function documented(heading: string): unknown[] {
  const [, section = ""] = readFileSync("docs/cli.md", "utf8").split(new RegExp(`\n##+ ${heading}\n`));
  const [own = ""] = section.split(/\n##+ /);
  return [...own.matchAll(/```json\n(.*?)```/gs)].map(([, text = ""]) => JSON.parse(text) as unknown);
}

/** The members of a value: of an object by name, because their order means nothing; of a list those of its first element. */
function members(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [members(value[0])];
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, members(member)]))
    : "value";
}

describe("docs/cli.md has every member of the JSON of", () => {
  const azure = forSuite(() => AccessBench.start());

  async function json(run: (io: FakeIo) => Promise<number>): Promise<unknown> {
    const io = azure.io();
    assert.equal(await run(io), 0, io.written.stderr);
    return JSON.parse(io.written.stdout) as unknown;
  }

  it("jit and sessions", async () => {
    const request = () =>
      json((io) => runJitRequest(given(jitRequestOptions, { json: true, reason: "r" }, "vm-app"), io, azure.open));
    await request();
    const second = await request();
    const { tunnelId } = await azure.bench.connected({ minutes: 30 });
    const jit = [
      await json((io) => runJitLs(given(jitLsOptions, { json: true }), io, azure.open)),
      second,
      await json((io) => runJitRevoke(given(jitRevokeOptions, { json: true, reason: "r" }, "vm-app"), io, azure.open)),
    ];
    const kill = given(sessionsKillOptions, { json: true, reason: "r", yes: true }, tunnelId);
    const sessions = [
      await json((io) => runSessionsLs(given(sessionsLsOptions, { json: true }), io, azure.open, noLog)),
      await json((io) => runSessionsKill(kill, io, azure.open, noLog)),
    ];
    assert.deepEqual(jit.map(members), documented("JSON of `jit`").map(members));
    assert.deepEqual(sessions.map(members), documented("JSON of `sessions`").map(members));
  });

  it("connect", async () => {
    await azure.bench.request(60);
    const options = given(connectOptions, { json: true, portal: true, reason: "r" }, "vm-app");
    const { connection } = (await json((io) => runConnect(options, io, azure.open))) as { connection: object };
    // Without the Azure CLI, there is no command.
    const shown = { connection: { ...connection, command: ["az"] } };
    assert.deepEqual([shown].map(members), documented("`connect`").map(members));
  });

  it("doctor", async () => {
    const io = azure.io();
    await runDoctor(given(doctorOptions, { json: true }), io, azure.open);
    const { findings } = JSON.parse(io.written.stdout) as { findings: { code: string }[] };
    const file = join(azure.folder, "accepted.json");
    const known = { reason: "r", owner: "o", expires: "2999-12-31" };
    writeFileSync(file, JSON.stringify({ doctor: findings.map(({ code }) => ({ code, ...known })) }));
    const shown = await json((again) =>
      runDoctor(given(doctorOptions, { json: true, accept: file }), again, azure.open),
    );
    assert.deepEqual([shown].map(members), documented("JSON of `doctor`").map(members));
  });

  it("status", async () => {
    const io = azure.io();
    await runStatus(given(statusOptions, { json: true, bastion: azure.bench.path.bastionId }), io, azure.open, noLog);
    const shown = JSON.parse(io.written.stdout) as Record<string, unknown>;
    const [document] = documented("`status`") as Record<string, unknown>[];
    assert.deepEqual(members({ ...shown, requests: [], sessions: [] }), members(document));
  });

  it("activity", async () => {
    await azure.bench.request(60);
    const { subscriptionId: subscription } = azure.bench.plane.identity;
    const options = given(activityOptions, { json: true, subscription, from: new Date(Date.now() - hourMs) });
    const shown = (await json((io) => runActivity(options, io, azure.open))) as {
      activities: { kind: string; rules: unknown[] | null }[];
    };
    const [document] = documented("JSON of `activity`") as { activities: object[]; unreadable: object[] }[];
    const { unreadable } = document!;
    const activities = shown.activities.filter(({ kind, rules }) => kind === "request" && rules?.length === 1);
    assert.deepEqual(members({ ...shown, activities, unreadable }), members(document));
  });

  it("logs", async () => {
    const file = join(azure.folder, "PT1H.json");
    writeFileSync(file, lines(blobRecord(), "{"));
    const io = azure.io();
    await runLogs(given(logsOptions, { json: true, source: file, noCache: true }), io);
    const { coverage, ...shown } = JSON.parse(io.written.stdout) as { coverage: object };
    const [document] = documented("JSON") as { coverage: object }[];
    const { coverage: documentedCoverage, ...others } = document!;
    assert.deepEqual(members(shown), members(others));
    assert.deepEqual(Object.keys(coverage).toSorted(), Object.keys(documentedCoverage).toSorted());
  });
});
