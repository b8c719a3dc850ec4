import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sessionsKillOptions } from "../../../../cli/commands/sessions/killOptions.ts";
import { runSessionsKill } from "../../../../cli/commands/sessions/kill.ts";
import { ada } from "../../../sandbox/bastion/sessionFixture.ts";
import { AccessBench, given, logOf, noLog } from "../../accessBench.ts";
import { SessionsBench } from "./sessionsBench.ts";
import { forSuite } from "../../../held.ts";

type Row = Record<string, unknown>;
const hour = 3_600_000;

describe("sessions kill", () => {
  const azure = forSuite(() => AccessBench.start());
  const bench = new SessionsBench(azure);
  afterEach(() => azure.reset());

  const outcomes = (sessions: Row[]) => sessions.map(({ sessionId, outcome }) => [sessionId, outcome]);
  const file = () => join(azure.folder, "actions.ndjson");
  const recorded = () => azure.recorded();

  it("disconnects by id, in any case and each once", async () => {
    const tunnelId = await bench.connected();
    const { exitCode, sessions } = await bench.kill({}, [tunnelId.toUpperCase(), tunnelId]);
    assert.deepEqual([exitCode, outcomes(sessions)], [0, [[tunnelId, "disconnected"]]]);
    assert.deepEqual((await bench.list()).sessions, []);
  });

  it("takes the beginning of an id, also as a table shortens it", async () => {
    const [one, two] = [await bench.connected(), await bench.connected()];
    const { exitCode, sessions } = await bench.kill({}, [`${one.slice(0, 13).toUpperCase()}…`, two.slice(0, 13), one]);
    assert.deepEqual(
      [exitCode, outcomes(sessions)],
      [
        0,
        [
          [one, "disconnected"],
          [two, "disconnected"],
        ],
      ],
    );
  });

  it("disconnects nothing where the beginning of an id is that of several, and names them", async () => {
    const ids = ["7e1c52ab-0001", "7e1c52ab-0002", "7e1c99ff-0003"];
    const listOf = async function* () {
      for (const sessionId of ids) yield await Promise.resolve({ sessionId, targetHostName: "web", userName: "root" });
    };
    const open = async () => {
      const access = await azure.open();
      return { ...access, arm: Object.assign(access.arm, { listOf }) };
    };
    const names = ids.map((id) => `${id} (root on web)`);
    const options = given(sessionsKillOptions, { reason: "INC-7", yes: true }, "7e1c", ids[2]!, "7e1c52ab");
    await assert.rejects(runSessionsKill(options, azure.io(), open, noLog), {
      name: "UserError",
      message:
        `'7e1c' matches several session ids: ${names.join(", ")}. Type more of the id. ` +
        `'7e1c52ab' matches several session ids: ${names.slice(0, 2).join(", ")}.`,
      nextStep: "Type more of the id.",
    });
    assert.deepEqual(recorded(), []);
  });

  it("does not take fewer than 4 characters for the beginning of an id", async () => {
    const tunnelId = await bench.connected();
    const typed = tunnelId.slice(0, 3);
    const { exitCode, sessions, stderr } = await bench.kill({}, [typed], { log: logOf([]) });
    assert.deepEqual([exitCode, outcomes(sessions)], [2, [[typed, "not-found"]]]);
    const message = `Session '${typed}' not found: at least 4 characters of an id are needed. Did you mean '${tunnelId}'?`;
    assert.ok(stderr.endsWith(`error: ${message}\n`), stderr);
    assert.equal((await bench.list()).sessions.length, 1);
  });

  it("knows by the beginning of its id that a session has ended", async () => {
    const tunnelId = await bench.connected();
    await bench.kill({}, [tunnelId]);
    const { exitCode, sessions } = await bench.kill({}, [tunnelId.slice(0, 8)]);
    assert.deepEqual([exitCode, outcomes(sessions)], [0, [[tunnelId, "gone"]]]);
  });

  it("counts a session as done that the audit log or the record of actions shows to have ended", async () => {
    const tunnelId = await bench.connected();
    const other = "00000000-0000-4000-8000-00000000000a";
    await bench.kill({}, [tunnelId]);
    const log = logOf([{ tunnelId: other, clientIp: null, person: ada, vm: null, vmName: "VM-APP" }]);
    const { exitCode, sessions, stderr } = await bench.kill({ yes: false }, [tunnelId, other.toUpperCase()], {
      log,
      io: { answer: "n" },
    });
    assert.deepEqual([exitCode, stderr], [0, ""]);
    assert.deepEqual(
      sessions.map((row) => [row.sessionId, row.outcome, row.message, row.person, row.vmName, row.correlationId]),
      [
        [tunnelId, "gone", "The session has ended already.", null, null, null],
        [other, "gone", "The session has ended already.", ada, "vm-app", null],
      ],
    );
  });

  describe("an id that nothing knows", () => {
    it("is an error, even if no session is open", async () => {
      const { exitCode, sessions, stderr } = await bench.kill({}, ["abc"], { log: logOf([]) });
      const message = "Session 'abc' not found. No session is open.";
      assert.deepEqual([exitCode, outcomes(sessions), stderr], [2, [["abc", "not-found"]], `error: ${message}\n`]);
      assert.deepEqual([sessions[0]!.message, recorded()], [message, []]);
    });

    it("gets a suggestion, and the sessions that were found are disconnected", async () => {
      const [one, two] = [await bench.connected(), await bench.connected()];
      const typo = `${one.slice(0, -1)}${one.endsWith("0") ? "1" : "0"}`;
      const { exitCode, sessions, stderr } = await bench.kill({}, [typo, two], { log: logOf([]) });
      assert.equal(exitCode, 1);
      assert.deepEqual(outcomes(sessions), [
        [typo, "not-found"],
        [two, "disconnected"],
      ]);
      assert.match(stderr, new RegExp(`\nerror: Session '${typo}' not found\\. Did you mean '${one}'\\?\n$`));
    });

    it("gets the open sessions if none is similar", async () => {
      const tunnelId = await bench.connected();
      const { stderr } = await bench.kill({}, ["xyz"], { log: logOf([]) });
      assert.match(stderr, new RegExp(`\\nerror: Session 'xyz' not found\\. Open sessions: ${tunnelId}\\.\n$`));
      assert.equal((await bench.list()).sessions.length, 1);
    });

    it("may belong to a session that has ended if the log is not read", async () => {
      const refused = () => () => Promise.reject(new Error("No access"));
      for (const log of [refused, noLog]) {
        const { exitCode, sessions } = await bench.kill({}, ["xyz"], { log });
        assert.deepEqual(
          [exitCode, sessions[0]!.message],
          [2, "Session 'xyz' not found. The audit log was not read, so it may have ended. No session is open."],
        );
      }
    });
  });

  it("does not treat a mistyped VM as one without sessions", async () => {
    const tunnelId = await bench.connected();
    const { exitCode, sessions, stderr } = await bench.kill({ vm: "vmapp" });
    assert.deepEqual([exitCode, sessions], [2, []]);
    assert.equal(stderr, "error: VM 'vmapp' not found. Did you mean 'vm-app'?\n");
    assert.equal((await bench.kill({ vm: "vm-two" })).exitCode, 0);
    assert.equal((await bench.list()).sessions[0]!.sessionId, tunnelId);
  });

  it("records who, when, why and the outcome, in a file that only its owner can read", async () => {
    const tunnelId = await bench.connected();
    const { sessions } = await bench.kill({}, [tunnelId]);
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
    const events = azure.bench.plane.events.filter(({ correlationId }) => correlationId === sessions[0]!.correlationId);
    assert.ok(JSON.stringify(events).toLowerCase().includes("disconnectactivesessions/action"));
  });

  it("appends to the same record", async () => {
    const ids = [await bench.connected(), await bench.connected()];
    for (const id of ids) await bench.kill({}, [id]);
    assert.deepEqual(
      recorded().map(({ target, outcome }) => [target, outcome]),
      ids.flatMap((id) => [
        [id, "asked"],
        [id, "disconnected"],
      ]),
    );
  });

  it("does nothing that it cannot record", async () => {
    const tunnelId = await bench.connected();
    const folder = join(azure.folder, "file");
    writeFileSync(folder, "");
    await assert.rejects(bench.kill({}, [tunnelId], { io: { env: { BASTION_TRAIL_STATE: folder } } }), {
      message: `Cannot write the record of actions ${join(folder, "actions.ndjson")} (the folder cannot be created), so nothing was done.`,
    });
    assert.equal((await bench.list()).sessions.length, 1);
  });

  it("disconnects the sessions that match all filters", async () => {
    const old = await bench.connected();
    await azure.bench.plane.clock.advance(2 * hour);
    const young = await bench.connected();
    const { sessions } = await bench.kill({ vm: "vm-app", olderThan: hour });
    assert.deepEqual(outcomes(sessions), [[old, "disconnected"]]);
    assert.deepEqual((await bench.kill({ vm: "vm-two" })).sessions, []);
    assert.deepEqual(outcomes((await bench.kill({ user: "azureuser" })).sessions), [[young, "disconnected"]]);
  });

  it("finds a person's sessions by the log, and says how many have no known user", async () => {
    const adas = await bench.connected();
    const unknown = await bench.connected();
    const log = logOf([{ tunnelId: adas, clientIp: null, person: ada }]);
    const { exitCode, sessions, stderr } = await bench.kill({ user: ada }, [], { log });
    assert.deepEqual([exitCode, outcomes(sessions)], [1, [[adas, "disconnected"]]]);
    assert.match(
      stderr,
      /\nwarning: 1 session has no known user and was left connected\. See: bastion-trail sessions ls\n$/,
    );
    assert.deepEqual(
      (await bench.list()).sessions.map(({ sessionId }) => sessionId),
      [unknown],
    );
  });

  it("asks for confirmation, and does nothing without it", async () => {
    const tunnelId = await bench.connected();
    const no = await bench.kill({ yes: false }, [tunnelId], { io: { answer: "n" } });
    assert.equal(no.exitCode, 2);
    assert.match(no.stderr, /azureuser on vm-app since .+\nDisconnect this session\? \[y\/N\] /);
    assert.equal((await bench.list()).sessions.length, 1);
    const yes = await bench.kill({ yes: false }, [tunnelId], { io: { answer: "y" } });
    assert.deepEqual([yes.exitCode, outcomes(yes.sessions)], [0, [[tunnelId, "disconnected"]]]);
  });

  it("makes visible what an account hides, before it asks for confirmation", async () => {
    const tunnelId = await bench.connected({ account: "ro\u200bot\u001b[2K\n" });
    const { stderr } = await bench.kill({ yes: false }, [tunnelId], { io: { answer: "n" } });
    assert.match(
      stderr,
      new RegExp(`^  ${tunnelId}  ro\\\\u\\{200b\\}ot\\\\u\\{1b\\}\\[2K\\\\u\\{a\\} on vm-app since `, "m"),
    );
  });

  it("is refused without a terminal and without --yes, before Azure is called", async () => {
    const io = azure.io();
    const never = () => Promise.reject(new Error("not asked"));
    await assert.rejects(runSessionsKill(given(sessionsKillOptions, { reason: "x" }, "id"), io, never, noLog), {
      message: "Cannot prompt: stdin is not a terminal.",
      nextStep: "Pass --yes.",
    });
  });

  it("requires ids or filters, not both", async () => {
    await assert.rejects(bench.kill({}), {
      message: "No sessions given.",
      nextStep: "Pass session ids, or one or more of --user, --vm and --older-than.",
    });
    await assert.rejects(bench.kill({ vm: "web" }, ["id"]), {
      message: "Session ids and filters cannot be combined.",
      nextStep: "The filters are --user, --vm and --older-than.",
    });
    await assert.rejects(bench.kill({ reason: " " }, ["id"]), { message: "--reason is empty." });
  });

  it("says that a session may have ended if the user stops it after Azure was asked", async () => {
    const tunnelId = await bench.connected();
    await azure.fault({ kind: "delay", path: "/disconnectActiveSessions$", ms: 60_000, after: true });
    const io = azure.io();
    const options = given(sessionsKillOptions, { reason: "INC-7", yes: true }, tunnelId);
    void azure.interruptWhenHeld(io);
    await assert.rejects(runSessionsKill(options, io, azure.openUntil(io), noLog), { name: "AbortError" });
    assert.equal(
      io.written.stderr,
      "Interrupted after Azure was asked to disconnect the session: it may have ended. Check with: bastion-trail sessions ls\n",
    );
    assert.deepEqual(
      azure.recorded().map(({ outcome }) => outcome),
      ["asked", "interrupted"],
    );
  });

  it("fails if Azure refuses, and records it", async () => {
    const tunnelId = await bench.connected();
    await azure.fault({
      kind: "status",
      status: 403,
      path: "disconnectActiveSessions",
      code: "No",
      message: "You may not.",
    });
    await assert.rejects(bench.kill({}, [tunnelId]), { message: "You may not." });
    assert.deepEqual(
      recorded().map(({ outcome, message }) => [outcome, message]),
      [
        ["asked", null],
        ["failed", "You may not."],
      ],
    );
  });
});
