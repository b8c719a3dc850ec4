import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sessionsKillOptions } from "../../../cli/commands/sessionsKill.ts";
import { sessionsLsOptions } from "../../../cli/commands/sessionsLs.ts";
import { runSessionsKill } from "../../../cli/sessions/kill.ts";
import { runSessionsLs } from "../../../cli/sessions/list.ts";
import { ada } from "../../sandbox/bastion/sessionFixture.ts";
import { AccessBench, given, logOf, noLog } from "../accessBench.ts";
import type { FakeOptions } from "../fakeIo.ts";

type Row = Record<string, unknown>;
const hour = 3_600_000;

describe("live sessions by the CLI", () => {
  let azure: AccessBench;
  before(async () => {
    azure = await AccessBench.start();
  });
  afterEach(() => azure.reset());
  after(() => azure.end());

  async function connected(more: Parameters<AccessBench["bench"]["connect"]>[0] = {}): Promise<string> {
    if (more.vm === undefined) await azure.bench.request(180);
    return (await azure.bench.connected({ minutes: 1000, ...more })).tunnelId;
  }

  async function list(values: object = {}, log: typeof noLog | ReturnType<typeof logOf> = noLog) {
    const io = azure.io();
    assert.equal(await runSessionsLs(given(sessionsLsOptions, { json: true, ...values }), io, azure.open, log), 0);
    return { sessions: (JSON.parse(io.written.stdout) as { sessions: Row[] }).sessions, stderr: io.written.stderr };
  }

  async function kill(
    values: object,
    ids: string[] = [],
    more: { log?: typeof noLog | ReturnType<typeof logOf>; io?: FakeOptions } = {},
  ) {
    const io = azure.io(more.io);
    const options = given(sessionsKillOptions, { json: true, reason: "INC-7", yes: true, ...values }, ...ids);
    const exitCode = await runSessionsKill(options, io, azure.open, more.log ?? noLog);
    const { stdout, stderr } = io.written;
    const sessions = stdout === "" ? [] : (JSON.parse(stdout) as { sessions: Row[] }).sessions;
    return { exitCode, sessions, stderr };
  }

  const outcomes = (sessions: Row[]) => sessions.map(({ sessionId, outcome }) => [sessionId, outcome]);
  const file = () => join(azure.folder, "actions.ndjson");
  const recorded = () => azure.recorded();

  describe("sessions ls", () => {
    it("tells who is connected to what, since when, and what the log adds", async () => {
      const tunnelId = await connected();
      await azure.bench.plane.clock.advance(hour);
      const { sessions } = await list(
        {},
        logOf([{ tunnelId: tunnelId.toUpperCase(), clientIp: "203.0.113.7", person: ada }]),
      );
      const { start, durationSeconds, ...rest } = sessions[0]!;
      assert.deepEqual(rest, {
        sessionId: tunnelId,
        vm: azure.bench.path.vmId,
        vmName: "vm-app",
        vmIp: "10.0.1.4",
        protocol: "ssh",
        account: "azureuser",
        clientIp: "203.0.113.7",
        person: ada,
        log: "found",
      });
      assert.equal(new Date(start as string).toISOString(), start);
      assert.ok(Math.abs((durationSeconds as number) - 3600) < 30, String(durationSeconds));
    });

    it("says where the log has no record yet", async () => {
      await connected();
      const { sessions, stderr } = await list({}, logOf([]));
      assert.deepEqual([sessions[0]!.clientIp, sessions[0]!.person, sessions[0]!.log], [null, null, "missing"]);
      assert.equal(
        stderr,
        "note: the audit log has no record yet of 1 of 1 sessions; records take from minutes to hours to arrive.\n",
      );
    });

    it("shows everybody where the log cannot be read, and says why", async () => {
      await connected();
      const log = () => () => Promise.reject(Object.assign(new Error("No access"), { nextStep: "Ask for a role." }));
      const { sessions, stderr } = await list({}, log);
      assert.deepEqual([sessions.length, sessions[0]!.log], [1, "unread"]);
      assert.equal(
        stderr,
        "warning: the audit log was not read, so client addresses and persons are missing: No access. Ask for a role.\n",
      );
    });

    it("says that the log was not to be asked", async () => {
      await connected();
      const { sessions, stderr } = await list();
      assert.deepEqual([sessions[0]!.log, stderr], ["off", ""]);
    });

    it("shows the sessions of one person, or to one VM", async () => {
      const tunnelId = await connected();
      const log = logOf([{ tunnelId, clientIp: null, person: ada }]);
      const count = async (values: object) => (await list(values, log)).sessions.length;
      assert.equal(await count({ user: "ADA@example.com" }), 1);
      assert.equal(await count({ user: "azureuser" }), 1);
      assert.equal(await count({ user: "bob@example.com" }), 0);
      assert.equal(await count({ vm: "VM-APP" }), 1);
      assert.equal(await count({ vm: azure.bench.path.vmId }), 1);
      assert.equal(await count({ vm: "vm-two" }), 0);
    });

    it("says that nobody is connected", async () => {
      const io = azure.io();
      await runSessionsLs(given(sessionsLsOptions), io, azure.open, noLog);
      assert.equal(io.written.stdout, "Nobody is connected.\n");
    });
  });

  describe("sessions kill", () => {
    it("disconnects by id; one that is gone is done too", async () => {
      const tunnelId = await connected();
      const gone = "00000000-0000-4000-8000-000000000000";
      const { exitCode, sessions } = await kill({}, [tunnelId.toUpperCase(), gone, tunnelId]);
      assert.equal(exitCode, 0);
      assert.deepEqual(outcomes(sessions), [
        [tunnelId, "disconnected"],
        [gone, "gone"],
      ]);
      assert.deepEqual((await list()).sessions, []);
      assert.deepEqual(outcomes((await kill({}, [tunnelId])).sessions), [[tunnelId, "gone"]]);
    });

    it("records who, when, why and what became of it, in a file that only its owner reads", async () => {
      const tunnelId = await connected();
      const { sessions } = await kill({}, [tunnelId]);
      const entries = recorded();
      assert.deepEqual(
        entries.map(({ action, by, reason, target, outcome }) => [action, by, reason, target, outcome]),
        [
          ["sessions kill", ada, "INC-7", tunnelId, "asked"],
          ["sessions kill", ada, "INC-7", tunnelId, "disconnected"],
        ],
      );
      assert.deepEqual(
        entries.map(({ correlationId }) => correlationId),
        [sessions[0]!.correlationId, sessions[0]!.correlationId],
      );
      assert.ok(!Number.isNaN(Date.parse(entries[0]!.time as string)));
      const details = entries[1]!.details as { bastion: string; session: Row };
      assert.deepEqual([details.bastion, details.session.vmName], [azure.bench.path.bastionId, "vm-app"]);
      if (process.platform !== "win32") assert.equal(statSync(file()).mode & 0o777, 0o600);
      const events = azure.bench.plane.events.filter(
        ({ correlationId }) => correlationId === sessions[0]!.correlationId,
      );
      assert.ok(JSON.stringify(events).toLowerCase().includes("disconnectactivesessions/action"));
    });

    it("goes on in the same record", async () => {
      await kill({}, ["a"]);
      await kill({}, ["b"]);
      assert.deepEqual(
        recorded().map(({ target, outcome }) => [target, outcome]),
        [
          ["a", "asked"],
          ["a", "gone"],
          ["b", "asked"],
          ["b", "gone"],
        ],
      );
    });

    it("does nothing that it cannot record", async () => {
      const tunnelId = await connected();
      const folder = join(azure.folder, "file");
      writeFileSync(folder, "");
      await assert.rejects(kill({}, [tunnelId], { io: { env: { BASTION_TRAIL_STATE: folder } } }), {
        message: `Cannot write the record of actions ${join(folder, "actions.ndjson")}, so nothing was done.`,
      });
      assert.equal((await list()).sessions.length, 1);
    });

    it("disconnects what all the options fit", async () => {
      const old = await connected();
      await azure.bench.plane.clock.advance(2 * hour);
      const young = await connected();
      const { sessions } = await kill({ vm: "vm-app", olderThan: hour });
      assert.deepEqual(outcomes(sessions), [[old, "disconnected"]]);
      assert.deepEqual((await kill({ vm: "vm-two" })).sessions, []);
      assert.deepEqual(outcomes((await kill({ user: "azureuser" })).sessions), [[young, "disconnected"]]);
    });

    it("finds a person by the log, and says which sessions may be theirs too", async () => {
      const adas = await connected();
      const unknown = await connected();
      const log = logOf([{ tunnelId: adas, clientIp: null, person: ada }]);
      const { exitCode, sessions, stderr } = await kill({ user: ada }, [], { log });
      assert.deepEqual([exitCode, outcomes(sessions)], [1, [[adas, "disconnected"]]]);
      assert.match(
        stderr,
        /warning: of 1 session it is not known whose; nothing was done to them\. See: bastion-trail sessions ls\n$/,
      );
      assert.deepEqual(
        (await list()).sessions.map(({ sessionId }) => sessionId),
        [unknown],
      );
    });

    it("asks before, and does nothing without a yes", async () => {
      const tunnelId = await connected();
      const no = await kill({ yes: false }, [tunnelId], { io: { answer: "n" } });
      assert.equal(no.exitCode, 2);
      assert.match(no.stderr, /azureuser on vm-app since .+\nDisconnect this session\? \[y\/N\] /);
      assert.equal((await list()).sessions.length, 1);
      const yes = await kill({ yes: false }, [tunnelId], { io: { answer: "y" } });
      assert.deepEqual([yes.exitCode, outcomes(yes.sessions)], [0, [[tunnelId, "disconnected"]]]);
    });

    it("refuses without a terminal and without --yes, before it asks Azure anything", async () => {
      const io = azure.io();
      const never = () => Promise.reject(new Error("not asked"));
      await assert.rejects(runSessionsKill(given(sessionsKillOptions, { reason: "x" }, "id"), io, never, noLog), {
        message: "This disconnects people, and nobody is there to confirm it.",
        nextStep: "Add --yes to go ahead without.",
      });
    });

    it("has to be told which sessions, in one way", async () => {
      const nextStep = "Give session ids, or one or more of --user, --vm and --older-than.";
      await assert.rejects(kill({}), { message: "It is not said which sessions.", nextStep });
      await assert.rejects(kill({ vm: "web" }, ["id"]), {
        message: "Sessions are named, and chosen by an option too.",
        nextStep,
      });
      await assert.rejects(kill({ reason: " " }, ["id"]), { message: "--reason is empty." });
    });

    it("fails, on the record, where Azure refuses", async () => {
      const tunnelId = await connected();
      await azure.fault({
        kind: "status",
        status: 403,
        path: "disconnectActiveSessions",
        code: "No",
        message: "You may not.",
      });
      await assert.rejects(kill({}, [tunnelId]), { message: "You may not." });
      assert.deepEqual(
        recorded().map(({ outcome, message }) => [outcome, message]),
        [
          ["asked", null],
          ["failed", "You may not."],
        ],
      );
    });
  });
});
