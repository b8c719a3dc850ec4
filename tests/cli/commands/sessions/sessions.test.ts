import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sessionsKillOptions } from "../../../../cli/commands/sessions/killOptions.ts";
import { sessionsLsOptions } from "../../../../cli/commands/sessions/lsOptions.ts";
import { runSessionsKill } from "../../../../cli/commands/sessions/kill.ts";
import { readLiveSessions } from "../../../../cli/commands/sessions/liveSessions.ts";
import { runSessionsLs } from "../../../../cli/commands/sessions/list.ts";
import { ada } from "../../../sandbox/bastion/sessionFixture.ts";
import { AccessBench, given, logOf, noLog } from "../../accessBench.ts";
import type { FakeOptions } from "../../fakeIo.ts";

type Row = Record<string, unknown>;
const hour = 3_600_000;

describe("open sessions", () => {
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
    const exitCode = await runSessionsLs(given(sessionsLsOptions, { json: true, ...values }), io, azure.open, log);
    const { sessions } = JSON.parse(io.written.stdout) as { sessions: Row[] };
    return { exitCode, sessions, stderr: io.written.stderr };
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
    it("lists who is connected to what and since when, with what the log adds", async () => {
      const tunnelId = await connected();
      await azure.bench.plane.clock.advance(hour);
      const { exitCode, sessions } = await list(
        {},
        logOf([{ tunnelId: tunnelId.toUpperCase(), clientIp: "203.0.113.7", person: ada }]),
      );
      assert.equal(exitCode, 0);
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

    it("says that the log has no record yet", async () => {
      await connected();
      const { exitCode, sessions, stderr } = await list({}, logOf([]));
      const [session] = sessions;
      assert.deepEqual([exitCode, session?.clientIp, session?.person, session?.log], [0, null, null, "missing"]);
      assert.equal(
        stderr,
        "note: the audit log has no record yet of 1 of 1 sessions. Records take minutes to hours to arrive.\n",
      );
    });

    it("lists all sessions if the log cannot be read, and says why", async () => {
      await connected();
      const log = () => () => Promise.reject(Object.assign(new Error("No access"), { nextStep: "Ask for a role." }));
      const { exitCode, sessions, stderr } = await list({}, log);
      assert.deepEqual([exitCode, sessions.length, sessions[0]!.log], [1, 1, "unread"]);
      assert.equal(
        stderr,
        "warning: client addresses and persons are missing, because the audit log was not read: No access. Ask for a role.\n",
      );
    });

    it("says that the log was not read", async () => {
      await connected();
      const { exitCode, sessions, stderr } = await list();
      assert.deepEqual([exitCode, sessions[0]!.log, stderr], [0, "off", ""]);
    });

    it("says how many sessions --user leaves out because their user is unknown", async () => {
      const tunnelId = await connected();
      await connected({ vm: "vm-app" });
      await connected({ vm: "vm-app" });
      const asked = { user: "bob@example.com" };
      const note =
        "note: the audit log has no record yet of 2 of 3 sessions. Records take minutes to hours to arrive.\n";
      const { exitCode, sessions, stderr } = await list(asked, logOf([{ tunnelId, clientIp: null, person: ada }]));
      assert.deepEqual(
        [exitCode, sessions, stderr],
        [1, [], `warning: 2 sessions have no known user and are not shown. Leave out --user to see all.\n${note}`],
      );
    });

    it("lists the sessions of one person, or to one VM", async () => {
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

    it("says that there are no open sessions, or none that match", async () => {
      const shown = async (values: object) => {
        const io = azure.io();
        const exitCode = await runSessionsLs(given(sessionsLsOptions, values), io, azure.open, noLog);
        return [exitCode, io.written.stdout, io.written.stderr];
      };
      assert.deepEqual(await shown({}), [0, "No open sessions.\n", ""]);
      await connected();
      assert.deepEqual(await shown({ vm: "vm-two" }), [0, "No open sessions match.\n", ""]);
      assert.deepEqual(await shown({ vm: "vmapp" }), [
        1,
        "No open sessions match.\n",
        "warning: VM 'vmapp' not found. Did you mean 'vm-app'?\n",
      ]);
    });

    it("spells a VM as Azure does", async () => {
      await connected();
      const { arm } = await azure.open();
      const host = azure.bench.path.bastionId;
      const upper = { list: arm.list.bind(arm), now: arm.now.bind(arm) };
      const { vmId } = azure.bench.path;
      async function* listOf() {
        for await (const item of arm.listOf({
          method: "POST",
          path: `${host}/getActiveSessions`,
          apiVersion: "2024-05-01",
        })) {
          yield { ...(item as object), targetResourceId: vmId.toUpperCase(), targetHostName: "VM-APP" };
        }
      }
      const { sessions } = await readLiveSessions({ ...upper, listOf } as never, host);
      assert.deepEqual(
        sessions.map(({ vm, vmName }) => [vm, vmName]),
        [[vmId, "vm-app"]],
      );
    });
  });

  describe("sessions kill", () => {
    it("disconnects by id, in any case and each once", async () => {
      const tunnelId = await connected();
      const { exitCode, sessions } = await kill({}, [tunnelId.toUpperCase(), tunnelId]);
      assert.deepEqual([exitCode, outcomes(sessions)], [0, [[tunnelId, "disconnected"]]]);
      assert.deepEqual((await list()).sessions, []);
    });

    it("takes the beginning of an id, also as a table shortens it", async () => {
      const [one, two] = [await connected(), await connected()];
      const { exitCode, sessions } = await kill({}, [`${one.slice(0, 13).toUpperCase()}…`, two.slice(0, 13), one]);
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
        for (const sessionId of ids)
          yield await Promise.resolve({ sessionId, targetHostName: "web", userName: "root" });
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
          `'7e1c' matches several session ids: ${names.join(", ")}. ` +
          `'7e1c52ab' matches several session ids: ${names.slice(0, 2).join(", ")}.`,
        nextStep: "Type more of the id.",
      });
      assert.deepEqual(recorded(), []);
    });

    it("does not take fewer than 4 characters for the beginning of an id", async () => {
      const tunnelId = await connected();
      const { exitCode, sessions } = await kill({}, [tunnelId.slice(0, 3)], { log: logOf([]) });
      assert.deepEqual([exitCode, outcomes(sessions)], [2, [[tunnelId.slice(0, 3), "not-found"]]]);
      assert.equal((await list()).sessions.length, 1);
    });

    it("knows by the beginning of its id that a session has ended", async () => {
      const tunnelId = await connected();
      await kill({}, [tunnelId]);
      const { exitCode, sessions } = await kill({}, [tunnelId.slice(0, 8)]);
      assert.deepEqual([exitCode, outcomes(sessions)], [0, [[tunnelId, "gone"]]]);
    });

    it("counts a session as done that the audit log or the record of actions shows to have ended", async () => {
      const tunnelId = await connected();
      const other = "00000000-0000-4000-8000-00000000000a";
      await kill({}, [tunnelId]);
      const log = logOf([{ tunnelId: other, clientIp: null, person: ada, vmName: "vm-app" }]);
      const { exitCode, sessions, stderr } = await kill({ yes: false }, [tunnelId, other.toUpperCase()], {
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
        const { exitCode, sessions, stderr } = await kill({}, ["abc"], { log: logOf([]) });
        const message = "Session 'abc' not found. No session is open.";
        assert.deepEqual([exitCode, outcomes(sessions), stderr], [2, [["abc", "not-found"]], `error: ${message}\n`]);
        assert.deepEqual([sessions[0]!.message, recorded()], [message, []]);
      });

      it("gets a suggestion, and the sessions that were found are disconnected", async () => {
        const [one, two] = [await connected(), await connected()];
        const typo = `${one.slice(0, -1)}${one.endsWith("0") ? "1" : "0"}`;
        const { exitCode, sessions, stderr } = await kill({}, [typo, two], { log: logOf([]) });
        assert.equal(exitCode, 1);
        assert.deepEqual(outcomes(sessions), [
          [typo, "not-found"],
          [two, "disconnected"],
        ]);
        assert.match(stderr, new RegExp(`\nerror: Session '${typo}' not found\\. Did you mean '${one}'\\?\n$`));
      });

      it("gets the open sessions if none is similar", async () => {
        const tunnelId = await connected();
        const { stderr } = await kill({}, ["xyz"], { log: logOf([]) });
        assert.match(stderr, new RegExp(`\\nerror: Session 'xyz' not found\\. Open sessions: ${tunnelId}\\.\n$`));
        assert.equal((await list()).sessions.length, 1);
      });

      it("may belong to a session that has ended if the log is not read", async () => {
        const refused = () => () => Promise.reject(new Error("No access"));
        for (const log of [refused, noLog]) {
          const { exitCode, sessions } = await kill({}, ["xyz"], { log });
          assert.deepEqual(
            [exitCode, sessions[0]!.message],
            [2, "Session 'xyz' not found. The audit log was not read, so it may have ended. No session is open."],
          );
        }
      });
    });

    it("does not treat a mistyped VM as one without sessions", async () => {
      const tunnelId = await connected();
      const { exitCode, sessions, stderr } = await kill({ vm: "vmapp" });
      assert.deepEqual([exitCode, sessions], [2, []]);
      assert.equal(stderr, "error: VM 'vmapp' not found. Did you mean 'vm-app'?\n");
      assert.equal((await kill({ vm: "vm-two" })).exitCode, 0);
      assert.equal((await list()).sessions[0]!.sessionId, tunnelId);
    });

    it("records who, when, why and the outcome, in a file that only its owner can read", async () => {
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

    it("appends to the same record", async () => {
      const ids = [await connected(), await connected()];
      for (const id of ids) await kill({}, [id]);
      assert.deepEqual(
        recorded().map(({ target, outcome }) => [target, outcome]),
        ids.flatMap((id) => [
          [id, "asked"],
          [id, "disconnected"],
        ]),
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

    it("disconnects the sessions that match all filters", async () => {
      const old = await connected();
      await azure.bench.plane.clock.advance(2 * hour);
      const young = await connected();
      const { sessions } = await kill({ vm: "vm-app", olderThan: hour });
      assert.deepEqual(outcomes(sessions), [[old, "disconnected"]]);
      assert.deepEqual((await kill({ vm: "vm-two" })).sessions, []);
      assert.deepEqual(outcomes((await kill({ user: "azureuser" })).sessions), [[young, "disconnected"]]);
    });

    it("finds a person's sessions by the log, and says how many have no known user", async () => {
      const adas = await connected();
      const unknown = await connected();
      const log = logOf([{ tunnelId: adas, clientIp: null, person: ada }]);
      const { exitCode, sessions, stderr } = await kill({ user: ada }, [], { log });
      assert.deepEqual([exitCode, outcomes(sessions)], [1, [[adas, "disconnected"]]]);
      assert.match(
        stderr,
        /\nwarning: 1 session has no known user and was left connected\. See: bastion-trail sessions ls\n$/,
      );
      assert.deepEqual(
        (await list()).sessions.map(({ sessionId }) => sessionId),
        [unknown],
      );
    });

    it("asks for confirmation, and does nothing without it", async () => {
      const tunnelId = await connected();
      const no = await kill({ yes: false }, [tunnelId], { io: { answer: "n" } });
      assert.equal(no.exitCode, 2);
      assert.match(no.stderr, /azureuser on vm-app since .+\nDisconnect this session\? \[y\/N\] /);
      assert.equal((await list()).sessions.length, 1);
      const yes = await kill({ yes: false }, [tunnelId], { io: { answer: "y" } });
      assert.deepEqual([yes.exitCode, outcomes(yes.sessions)], [0, [[tunnelId, "disconnected"]]]);
    });

    it("makes visible what an account hides, before it asks for confirmation", async () => {
      const tunnelId = await connected({ account: "ro\u200bot\u001b[2K\n" });
      const { stderr } = await kill({ yes: false }, [tunnelId], { io: { answer: "n" } });
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
      await assert.rejects(kill({}), {
        message: "No sessions given.",
        nextStep: "Pass session ids, or one or more of --user, --vm and --older-than.",
      });
      await assert.rejects(kill({ vm: "web" }, ["id"]), {
        message: "Session ids and filters cannot be combined.",
        nextStep: "The filters are --user, --vm and --older-than.",
      });
      await assert.rejects(kill({ reason: " " }, ["id"]), { message: "--reason is empty." });
    });

    it("fails if Azure refuses, and records it", async () => {
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
