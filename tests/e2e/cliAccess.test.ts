import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Session } from "../../cli/audit/records/types.ts";
import { roleFilePath } from "../../cli/roleFiles.ts";
import { AzStub, type AzOptions } from "../cli/azStub.ts";
import { forSuite } from "../held.ts";
import { ada, smallConfig, TestSandbox } from "./harness.ts";

type Row = Readonly<Record<string, unknown>>;

/** The whole way of an access, each step by the CLI as a user starts it, with nothing but the sandbox's environment. */
describe("an access by the CLI, in the sandbox", () => {
  let tools: string;
  let stub: AzStub;
  const sandbox = forSuite(() => TestSandbox.start());
  before(async () => {
    await sandbox.up({ ...smallConfig, bastionSku: "Standard", nativeClient: true });
    tools = join(sandbox.folder, "tools");
    mkdirSync(tools);
    stub = new AzStub(tools);
  });

  /** @param az what `az` is like; without it there is none. */
  function run(args: readonly string[], az?: AzOptions) {
    if (az === undefined) {
      stub.remove();
    } else {
      stub.install(az);
    }
    return sandbox.cli(args, {
      env: { BASTION_TRAIL_STATE: join(sandbox.folder, "actions"), PATH: `${tools}:/usr/bin:/bin` },
    });
  }

  /** Runs a command that has to end with this exit code. @returns the rows of its JSON. */
  async function rows(member: string, args: readonly string[], exitCode = 0): Promise<readonly Row[]> {
    const outcome = await run([...args, "--json"]);
    assert.equal(outcome.exitCode, exitCode, outcome.stderr);
    return (JSON.parse(outcome.stdout) as Record<string, Row[]>)[member]!;
  }

  const requests = () => rows("requests", ["jit", "ls"]);
  const live = () => rows("sessions", ["sessions", "ls"]);

  /** What was recorded of one kind of action. */
  const recorded = (action: string) =>
    readFileSync(join(sandbox.folder, "actions", "actions.ndjson"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Row)
      .filter((entry) => entry.action === action);

  it("is refused before it is requested", async () => {
    assert.equal((await sandbox.connect("web")).outcome, "refused");
    assert.deepEqual([await requests(), await live()], [[], []]);
  });

  it("opens nothing if the Azure CLI or its extensions are missing", async () => {
    const { exitCode, stdout, stderr } = await run(["connect", "web", "--reason", "INC-1"]);
    assert.deepEqual([exitCode, stdout], [2, ""]);
    assert.match(stderr, /^error: The Azure CLI \(az\) is not on PATH\. Install it from /);
    const other = await run(["connect", "web", "--reason", "INC-1"], { extensions: { bastion: "1.4.0" } });
    assert.equal(other.exitCode, 2);
    assert.equal(
      other.stderr,
      "error: The Azure CLI cannot connect through Bastion: the extension ssh is missing. Run `az extension add --name ssh`. Or pass --portal to connect in the portal.\n",
    );
    assert.deepEqual(await requests(), []);
  });

  it("cannot be requested in the sandbox for another VM or port", async () => {
    const words = ["--user", ada, "--minutes", "30"];
    assert.equal(
      await sandbox.fail("request", "--vm", "wbe", ...words),
      'error: No JIT policy covers a VM named "wbe". VMs with a JIT policy: web.',
    );
    assert.equal(
      await sandbox.fail("request", "--vm", "web", "--port", "80", ...words),
      "error: The JIT policy of web does not include port 80. Its ports: 22.",
    );
    assert.deepEqual(await requests(), []);
  });

  it("opens nothing if only a preview is requested", async () => {
    const { exitCode, stdout } = await run(["connect", "web", "--reason", "INC-1", "--json"], {});
    const { connection } = JSON.parse(stdout) as { connection: Row };
    assert.deepEqual([exitCode, connection.access, connection.problems], [0, "request", []]);
    assert.deepEqual([await requests(), stub.calls()], [[], []]);
  });

  it("never turns a value into an option", async () => {
    const { exitCode, stderr } = await run(
      ["connect", "web", "--reason", "INC-1", "--auth", "password", "--username", "-oProxyCommand=touch x"],
      {},
    );
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: '-oProxyCommand=touch x' is not an account name\. /);
    assert.match(
      (await run(["connect", "--", "--debug"], {})).stderr,
      /^error: No JIT policy covers the VM '--debug'\. /,
    );
    assert.deepEqual([await requests(), stub.calls()], [[], []]);
  });

  it("is requested, and opens the port to Bastion", async () => {
    const [row] = await rows("requests", ["jit", "request", "web", "--for", "2h", "--reason", "INC-1"]);
    assert.deepEqual([row?.state, row?.sources, row?.ports], ["open", ["10.60.0.0/26"], [22]]);
    const [listed] = await requests();
    assert.deepEqual(
      [listed?.state, listed?.rule, listed?.reason, listed?.end],
      ["active", "present", "INC-1", row?.until],
    );
  });

  it("starts the Azure CLI with the caller's own active request, and passes on its exit code", async () => {
    const { exitCode, stdout, stderr } = await run(["connect", "web"], { exitCode: 7 });
    assert.deepEqual([exitCode, stdout], [7, ""], stderr);
    assert.match(stderr, /^Port 22 of web is open until \S+ \S+Z, by your own request\.\n$/);
    assert.deepEqual(
      stub.calls().map((words) => words.map((word) => word.replace(sandbox.description.subscriptionId, "SUB"))),
      [
        [
          ...["network", "bastion", "ssh", "--name", "trail-bastion", "--resource-group", "trail"],
          ...["--subscription", "SUB", "--target-resource-id"],
          "/subscriptions/SUB/resourceGroups/trail/providers/Microsoft.Compute/virtualMachines/web",
          ...["--resource-port", "22", "--auth-type", "AAD"],
        ],
      ],
    );
    assert.equal((await requests()).length, 1);
    assert.deepEqual(
      recorded("connect").map(({ outcome, details }) => [outcome, (details as Row).exitCode]),
      [
        ["asked", undefined],
        ["used", undefined],
        ["started", undefined],
        ["ended", 7],
      ],
    );
  });

  it("shows who is connected, with address and person from the archive", async () => {
    const result = await sandbox.connect("web", "--minutes", "600");
    assert.ok(result.outcome === "connected");
    const [session, ...others] = await live();
    assert.deepEqual(others, []);
    const { sessionId, person, clientIp, vmName, protocol, log } = session!;
    assert.deepEqual(
      { sessionId, person, clientIp, vmName, protocol, log },
      {
        sessionId: result.tunnelId,
        person: ada,
        clientIp: result.session!.clientIpAddress,
        vmName: "web",
        protocol: "ssh",
        log: "found",
      },
    );
  });

  it("is not disconnected without confirmation", async () => {
    const { exitCode, stderr } = await run(["sessions", "kill", "--user", ada, "--reason", "INC-2"]);
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: Cannot prompt: stdin is not a terminal\. Pass --yes\.\n$/);
    assert.equal((await live()).length, 1);
  });

  it("is disconnected by the person's name, and recorded; a second time it is gone", async () => {
    const kill = (...which: string[]) => rows("sessions", ["sessions", "kill", ...which, "--reason", "INC-2", "--yes"]);
    const [killed] = await kill("--user", ada);
    assert.equal(killed?.outcome, "disconnected");
    assert.deepEqual(await live(), []);
    assert.equal((await kill(String(killed.sessionId)))[0]?.outcome, "gone");

    const entries = recorded("sessions kill");
    assert.deepEqual(
      entries.map(({ outcome, by, reason, target }) => [outcome, by, reason, target]),
      ["asked", "disconnected"].map((outcome) => [outcome, sandbox.description.clientId, "INC-2", killed.sessionId]),
    );
    assert.equal(statSync(join(sandbox.folder, "actions", "actions.ndjson")).mode & 0o777, 0o600);
  });

  it("gets a suggestion for a mistyped id or VM", async () => {
    const outcome = await run(["sessions", "kill", "abc", "--reason", "INC-2", "--yes"]);
    assert.equal(outcome.exitCode, 2);
    assert.equal(outcome.stderr, "error: Session 'abc' not found. No session is open.\n");
    const mistyped = await run(["sessions", "kill", "--vm", "wbe", "--reason", "INC-2", "--yes"]);
    assert.deepEqual([mistyped.exitCode, mistyped.stdout], [2, "No open sessions match.\n"]);
    assert.equal(mistyped.stderr, "error: VM 'wbe' not found. Did you mean 'web'?\n");
  });

  it("has its end in the logs", async () => {
    const sessions = (await rows("sessions", ["logs"])) as unknown as readonly Session[];
    assert.deepEqual(
      sessions.map(({ person, outcome, state, end }) => [person, outcome, state, end !== null]),
      [[ada, "connected", "closed", true]],
    );
  });

  it("has the same correlation id in the record of actions and in the activity log", async () => {
    const [{ correlationId }] = recorded("sessions kill") as unknown as [{ correlationId: string }];
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    const filter = encodeURIComponent(`eventTimestamp ge '${yesterday}' and correlationId eq '${correlationId}'`);
    const { subscriptionId } = sandbox.description;
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values`;
    const { body } = await sandbox.arm("GET", `${path}?api-version=2015-04-01&$filter=${filter}`);
    assert.match(JSON.stringify(body), /disconnectActiveSessions\/action/i);
  });

  it("is revoked: the rule is gone at once, and nobody can connect", async () => {
    const [row] = await rows("revocations", ["jit", "revoke", "web", "--reason", "INC-1 is done"]);
    assert.equal(row?.state, "closed");
    assert.match(String(row.message), /^Deleted \S+ from web-nsg: the port is closed\./);
    assert.equal((await requests())[0]?.state, "closed");
    assert.equal((await sandbox.connect("web")).outcome, "refused");
  });

  it("needs a new request after that, by Azure's clock", async () => {
    await sandbox.succeed("clock", "+26h");
    const { stderr } = await run(["connect", "web"], {});
    assert.equal(stderr, 'error: No active request for web:22. Pass --reason "..." to request access.\n');
    const outcome = await run(["connect", "web", "--reason", "INC-3", "--for", "30m"], {});
    assert.equal(outcome.exitCode, 0, outcome.stderr);
    assert.deepEqual(
      (await requests()).map(({ state, reason }) => [state, reason]),
      [
        ["active", "INC-3"],
        ["expired", "INC-1"],
      ],
    );
    assert.equal((await sandbox.connect("web")).outcome, "connected");
    assert.deepEqual(
      (await live()).map(({ person, log }) => [person, log]),
      [[ada, "found"]],
    );
  });

  it("never ends a colleague's request early, and can ride on it", async () => {
    await sandbox.request("web", 120);
    const [theirs] = await requests();
    assert.deepEqual([theirs?.state, theirs?.requestor], ["active", ada]);
    const ride = await run(["connect", "web", "--ride"], {});
    assert.match(ride.stderr, /^Port 22 of web is open until \S+ \S+Z, by the request of ada@example\.com\.\n$/);
    const own = await run(["connect", "web", "--reason", "INC-4", "--for", "10m"], {});
    assert.match(
      own.stderr,
      /^note: replaced the request of ada@example\.com for port 22 of web, which would have ended at /,
    );
    const [mine, replaced] = await requests();
    assert.deepEqual([mine?.state, mine?.reason, mine?.end], ["active", "INC-4", theirs?.end]);
    assert.deepEqual([replaced?.state, replaced?.requestor], ["replaced", ada]);
  });

  it("is shortened if a lock keeps its rule from being deleted, and the lock is named", async () => {
    const group = `/subscriptions/${sandbox.description.subscriptionId}/resourceGroups/trail`;
    const lock = `${group}/providers/Microsoft.Authorization/locks/keep?api-version=2020-05-01`;
    await sandbox.arm("PUT", lock, { properties: { level: "CanNotDelete" } });
    const [row] = await rows("revocations", ["jit", "revoke", "web", "--reason", "INC-5"], 1);
    await sandbox.arm("DELETE", lock);
    assert.equal(row?.state, "shortened");
    assert.match(
      String(row.message),
      /cannot be deleted because of the lock 'keep' \(CanNotDelete\) on the resource group trail\. .* To close the port now, remove the lock and run jit revoke again\.$/,
    );
    const [closed] = await rows("revocations", ["jit", "revoke", "web", "--reason", "INC-5"]);
    assert.equal(closed?.state, "closed");
  });

  it("names the file of the role that is missing", async () => {
    const message = "The client does not have authorization to perform action 'getActiveSessions'.";
    const fault = { kind: "status", status: 403, code: "AuthorizationFailed", message, path: "getActiveSessions" };
    await sandbox.admin("POST", "/sandbox/faults", fault);
    const { exitCode, stderr } = await run(["sessions", "ls"]);
    await sandbox.admin("DELETE", "/sandbox/faults");
    assert.deepEqual(
      [exitCode, stderr],
      [
        2,
        `error: ${message} Ask for the role Bastion Trail Operator (${roleFilePath("operator")}); a new role takes a few minutes to apply.\n`,
      ],
    );
  });

  it("gets through a busy Azure", async () => {
    const busy = { kind: "status", status: 429, retryAfter: 1, times: 2, path: "jitNetworkAccessPolicies" };
    await sandbox.admin("POST", "/sandbox/faults", busy);
    assert.ok((await requests()).length > 0);
    await sandbox.admin("DELETE", "/sandbox/faults");
  });
});
