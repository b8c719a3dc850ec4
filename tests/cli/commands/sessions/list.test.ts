import assert from "node:assert/strict";
import { sessionsLsOptions } from "../../../../cli/commands/sessions/lsOptions.ts";
import { readLiveSessions } from "../../../../cli/commands/sessions/liveSessions.ts";
import { runSessionsLs } from "../../../../cli/commands/sessions/list.ts";
import { ada } from "../../../sandbox/bastion/sessionFixture.ts";
import { AccessBench, given, logOf, noLog } from "../../accessBench.ts";
import { SessionsBench } from "./sessionsBench.ts";
import { forSuite } from "../../../held.ts";

const hour = 3_600_000;

describe("sessions ls", () => {
  const azure = forSuite(() => AccessBench.start());
  const bench = new SessionsBench(azure);
  afterEach(() => azure.reset());

  it("lists who is connected to what and since when, with what the log adds", async () => {
    const tunnelId = await bench.connected();
    await azure.bench.plane.clock.advance(hour);
    const { exitCode, sessions } = await bench.list(
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
    await bench.connected();
    const { exitCode, sessions, stderr } = await bench.list({}, logOf([]));
    const [session] = sessions;
    assert.deepEqual([exitCode, session?.clientIp, session?.person, session?.log], [0, null, null, "missing"]);
    assert.equal(
      stderr,
      "note: the audit log has no record yet of 1 of 1 sessions. Records take minutes to hours to arrive.\n",
    );
  });

  it("lists all sessions if the log cannot be read, and says why", async () => {
    await bench.connected();
    const log = () => () => Promise.reject(Object.assign(new Error("No access"), { nextStep: "Ask for a role." }));
    const { exitCode, sessions, stderr } = await bench.list({}, log);
    assert.deepEqual([exitCode, sessions.length, sessions[0]!.log], [1, 1, "unread"]);
    assert.equal(
      stderr,
      "warning: client addresses and persons are missing, because the audit log was not read: No access. Ask for a role.\n",
    );
  });

  it("names a session of an unexpected form, and lists the others", async () => {
    const tunnelId = await bench.connected();
    const odd = azure.openWith("getActiveSessions", { sessionId: "t-1", sessionDurationInMins: "12" });
    const { exitCode, sessions, stderr } = await bench.list({}, undefined, odd);
    assert.deepEqual([exitCode, sessions.map(({ sessionId }) => sessionId)], [1, [tunnelId]]);
    assert.equal(
      stderr,
      "warning: Azure's answer for a live session, t-1, has an unexpected form (sessionDurationInMins). It is left out.\n",
    );
    const killed = await bench.kill({ vm: "vm-app" }, [], { open: odd });
    assert.deepEqual([killed.exitCode, killed.sessions.length, killed.stderr], [1, 1, stderr]);
  });

  it("says that the log was not read", async () => {
    await bench.connected();
    const { exitCode, sessions, stderr } = await bench.list();
    assert.deepEqual([exitCode, sessions[0]!.log, stderr], [0, "off", ""]);
  });

  it("says how many sessions --user leaves out because their user is unknown", async () => {
    const tunnelId = await bench.connected();
    await bench.connected({ vm: "vm-app" });
    await bench.connected({ vm: "vm-app" });
    const asked = { user: "bob@example.com" };
    const note = "note: the audit log has no record yet of 2 of 3 sessions. Records take minutes to hours to arrive.\n";
    const { exitCode, sessions, stderr } = await bench.list(asked, logOf([{ tunnelId, clientIp: null, person: ada }]));
    assert.deepEqual(
      [exitCode, sessions, stderr],
      [1, [], `warning: 2 sessions have no known user and are not shown. Leave out --user to see all.\n${note}`],
    );
  });

  it("lists the sessions of one person, or to one VM", async () => {
    const tunnelId = await bench.connected();
    const log = logOf([{ tunnelId, clientIp: null, person: ada }]);
    const count = async (values: object) => (await bench.list(values, log)).sessions.length;
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
    await bench.connected();
    assert.deepEqual(await shown({ vm: "vm-two" }), [0, "No open sessions match.\n", ""]);
    assert.deepEqual(await shown({ vm: "vmapp" }), [
      1,
      "No open sessions match.\n",
      "warning: VM 'vmapp' not found. Did you mean 'vm-app'?\n",
    ]);
  });

  it("spells a VM as Azure does", async () => {
    await bench.connected();
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
