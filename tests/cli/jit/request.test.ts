import assert from "node:assert/strict";
import { ada } from "../../sandbox/bastion/sessionFixture.ts";
import { AccessBench } from "../accessBench.ts";
import { hour, JitBench, pick, type Row } from "./jitBench.ts";

describe("jit request", () => {
  let azure: AccessBench;
  let jit: JitBench;
  before(async () => {
    azure = await AccessBench.start();
    jit = new JitBench(azure);
  });
  afterEach(() => azure.reset());
  after(() => azure.end());

  it("opens a VM's port to the Bastion range, and waits until the rule is there", async () => {
    const { exitCode, rows } = await jit.request({ for: hour / 2 }, "VM-APP");
    assert.equal(exitCode, 0);
    assert.deepEqual(pick(rows[0], "vmName", "ports", "state", "sources", "reason", "message"), [
      "vm-app",
      [22],
      "open",
      ["10.0.0.0/26"],
      "INC-1",
      null,
    ]);
    const left = Date.parse(rows[0]!.until as string) - azure.bench.plane.clock.now().getTime();
    assert.ok(left > hour / 2 - 60_000 && left <= hour / 2, String(left));
    assert.equal((await azure.bench.connect()).outcome, "connected");
  });

  it("has the time of Azure's clock, not of this machine's", async () => {
    await azure.bench.plane.clock.advance(48 * hour);
    const { rows } = await jit.request({ for: hour }, "vm-app");
    const left = Date.parse(rows[0]!.until as string) - azure.bench.plane.clock.now().getTime();
    assert.ok(Math.abs(left - hour) < 60_000, String(left));
  });

  it("is for an hour where nobody says, or for what every policy allows", async () => {
    const left = (row: Row) => Date.parse(row.until as string) - azure.bench.plane.clock.now().getTime();
    const { rows } = await jit.request({}, "vm-app", "vm-two");
    assert.deepEqual(
      rows.map((row) => Math.round(left(row) / 60_000)),
      [60, 60],
    );
    assert.deepEqual(
      rows.map(({ ports }) => ports),
      [[22], [22, 3389]],
    );
  });

  it("is recorded in Azure with person and reason", async () => {
    const { rows } = await jit.request({ port: 3389 }, "vm-two");
    const event = azure.bench.plane.events.find(
      ({ wire, correlationId }) =>
        correlationId === rows[0]!.correlationId && JSON.stringify(wire).includes("initiate/action"),
    );
    const text = JSON.stringify(event);
    assert.ok(text.includes(ada) && text.includes("INC-1"), text);
  });

  it("opens the others where one VM is refused, and tells each", async () => {
    const refusal = { code: "AuthorizationFailed", message: "You may not request this." };
    await azure.fault({ kind: "status", status: 403, path: "jit-vm-app/initiate", ...refusal });
    const { exitCode, rows } = await jit.request({}, "vm-app", "vm-two");
    assert.equal(exitCode, 1);
    assert.deepEqual(
      rows.map((row) => pick(row, "vmName", "state", "message")),
      [
        ["vm-app", "failed", "You may not request this."],
        ["vm-two", "open", null],
      ],
    );
  });

  it("fails where all are refused", async () => {
    await azure.fault({
      kind: "status",
      status: 403,
      path: "/initiate",
      code: "AuthorizationFailed",
      message: "No.",
    });
    assert.equal((await jit.request({}, "vm-app", "vm-two")).exitCode, 2);
  });

  it("says that nobody saw the rule where the role may not read it", async () => {
    await azure.fault({ kind: "status", status: 403, path: "networkSecurityGroups/", code: "No", message: "No." });
    const { exitCode, rows } = await jit.request({}, "vm-app");
    assert.deepEqual(
      [exitCode, rows[0]!.state, rows[0]!.message],
      [
        0,
        "requested",
        "Azure took the request; your role may not read the network security group, so nobody saw the rule.",
      ],
    );
  });

  it("tells whose longer request it takes the place of", async () => {
    await azure.bench.request(120);
    const { stderr } = await jit.request({ for: hour / 2 }, "vm-app");
    assert.match(
      stderr,
      /^note: this takes the place of the request of ada@example\.com for vm-app, which was open until .+Z\.\n$/,
    );
  });

  const refused = async (values: object, vms: string[], message: string, nextStep: string) => {
    await assert.rejects(jit.request(values, ...vms), { name: "UserError", message, nextStep });
    assert.deepEqual((await jit.list()).requests, []);
  };

  it("names everything that is wrong at once, before anything is opened", async () => {
    await refused(
      { port: 3389 },
      ["vm-app", "nope", "vm-two"],
      "The JIT policy of 'vm-app' does not include port 3389. Its ports: 22. No JIT policy covers the VM 'nope'.",
      "VMs with a JIT policy: vm-app, vm-two.",
    );
  });

  it("refuses more time than a policy allows", async () => {
    await refused(
      { for: 3 * hour },
      ["vm-app", "vm-two"],
      "--for 3h 00m is longer than the policy allows: port 22 of vm-two up to 2h 00m, port 3389 of vm-two up to 2h 00m.",
      "Request less time.",
    );
  });

  it("refuses an empty reason", async () => {
    await refused({ reason: "  " }, ["vm-app"], "--reason is empty.", "Say why the access is needed.");
  });
});
