import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { runJitLs } from "../../cli/commands/jit/list.ts";
import { jitLsOptions } from "../../cli/commands/jit/lsOptions.ts";
import { runJitRequest } from "../../cli/commands/jit/request.ts";
import { jitRequestOptions } from "../../cli/commands/jit/requestOptions.ts";
import { runJitRevoke } from "../../cli/commands/jit/revoke.ts";
import { jitRevokeOptions } from "../../cli/commands/jit/revokeOptions.ts";
import { runSessionsKill } from "../../cli/commands/sessions/kill.ts";
import { sessionsKillOptions } from "../../cli/commands/sessions/killOptions.ts";
import { runSessionsLs } from "../../cli/commands/sessions/list.ts";
import { sessionsLsOptions } from "../../cli/commands/sessions/lsOptions.ts";
import { AccessBench, given, noLog } from "./accessBench.ts";
import type { FakeIo } from "./fakeIo.ts";
import { forSuite } from "../held.ts";

/** The JSON documents in a section of docs/cli.md, in order. */
function documented(heading: string): unknown[] {
  const [, section = ""] = readFileSync("docs/cli.md", "utf8").split(`\n### ${heading}\n`);
  const [own = ""] = section.split(/\n##+ /);
  return [...own.matchAll(/```json\n(.*?)```/gs)].map(([, text = ""]) => JSON.parse(text) as unknown);
}

/** The members of a value: of an object in order, of a list those of its first element. */
function members(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [members(value[0])];
  return typeof value === "object" && value !== null
    ? Object.entries(value).map(([name, member]) => [name, members(member)])
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
});
