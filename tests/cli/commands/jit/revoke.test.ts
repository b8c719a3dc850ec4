import assert from "node:assert/strict";
import { jitRevokeOptions } from "../../../../cli/commands/jit/revokeOptions.ts";
import { runJitRevoke } from "../../../../cli/commands/jit/revoke.ts";
import { formatTime } from "../../../../cli/time.ts";
import { ada } from "../../../sandbox/bastion/sessionFixture.ts";
import { bastionSubnet, jitBody, jitId, versions } from "../../../sandbox/auditResources.ts";
import { AccessBench, given } from "../../accessBench.ts";
import { hour, JitBench, pick } from "./jitBench.ts";
import { forSuite } from "../../../held.ts";

describe("jit revoke", () => {
  const azure = forSuite(() => AccessBench.start());
  const jit = new JitBench(azure);
  afterEach(() => azure.reset());

  it("deletes Defender's rule: the port closes at once, which is reported and recorded", async () => {
    const [opened] = (await jit.request({}, "vm-app")).rows;
    const { exitCode, rows } = await jit.revoke({}, "vm-app");
    const [rule] = opened!.rules as string[];
    const message = `Deleted ${rule} from nsg-vm-app: the port is closed. Defender lists the request until ${formatTime(opened!.until as string)}.`;
    assert.deepEqual([exitCode, ...pick(rows[0], "state", "until", "message")], [0, "closed", null, message]);
    assert.equal((await azure.bench.connect()).outcome, "refused");
    assert.deepEqual(
      (await jit.list()).requests.map((row) => pick(row, "state", "rule")),
      [["closed", "missing"]],
    );
    assert.deepEqual(
      azure
        .recorded()
        .slice(-2)
        .map((entry) => pick(entry, "action", "by", "reason", "target", "outcome", "correlationId")),
      [
        ["jit revoke", ada, "done", azure.bench.path.vmId, "asked", null],
        ["jit revoke", ada, "done", azure.bench.path.vmId, "closed", rows[0]!.correlationId],
      ],
    );
    const deletion = azure.bench.plane.events.filter(({ correlationId }) => correlationId === rows[0]!.correlationId);
    assert.ok(JSON.stringify(deletion).includes("securityRules/delete"));
  });

  it("says so if the port stays open by another rule, or without a network security group", async () => {
    const [opened] = (await jit.request({}, "vm-app")).rows;
    const [rule] = opened!.rules as string[];
    const listed = `Defender lists the request until ${formatTime(opened!.until as string)}.`;
    const remove = await jit.rule("OpenSsh");
    const first = await jit.revoke({}, "vm-app");
    assert.deepEqual(
      [first.exitCode, ...pick(first.rows[0], "state", "until", "message")],
      [
        1,
        "bypassed",
        null,
        `Deleted ${rule} from nsg-vm-app. Port 22 is open without a request, by OpenSsh of nsg-vm-app. ${listed} bastion-trail doctor prints the fix.`,
      ],
    );
    assert.notEqual(first.rows[0]!.correlationId, null);
    await remove();
    jit.setGroup();
    const second = await jit.revoke({}, "vm-app");
    jit.setGroup(azure.bench.path.nsgId);
    assert.deepEqual(
      [second.exitCode, ...pick(second.rows[0], "state", "until", "message", "correlationId")],
      [
        1,
        "bypassed",
        null,
        `No request opens the port. Port 22 is open without a request: no network security group protects it. ${listed} bastion-trail doctor prints the fix.`,
        null,
      ],
    );
  });

  it("does not call a revocation failed whose rule is deleted, if the rules cannot be read again", async () => {
    const [opened] = (await jit.request({}, "vm-app")).rows;
    const [rule] = opened!.rules as string[];
    const path = "networkSecurityGroups/nsg-vm-app$";
    await azure.fault({ kind: "status", status: 400, method: "GET", path, skip: 1, code: "No", message: "Not now." });
    const { exitCode, rows } = await jit.revoke({}, "vm-app");
    assert.deepEqual(
      [exitCode, ...pick(rows[0], "state", "until", "message")],
      [1, "unknown", opened!.until, `Deleted ${rule} from nsg-vm-app. Whether the port is closed is unknown: Not now.`],
    );
    assert.equal(azure.recorded().at(-1)!.outcome, "unknown");
  });

  it("can be followed by a new request", async () => {
    await jit.request({}, "vm-app");
    await jit.revoke({}, "vm-app");
    assert.equal((await jit.request({}, "vm-app")).rows[0]!.state, "open");
    assert.equal((await azure.bench.connect()).outcome, "connected");
  });

  it("leaves other ports open", async () => {
    await jit.request({}, "vm-two");
    assert.equal((await jit.revoke({ port: 3389 }, "vm-two")).exitCode, 0);
    assert.deepEqual(
      (await jit.list()).requests.map((row) => pick(row, "port", "state")),
      [
        [22, "active"],
        [3389, "closed"],
      ],
    );
  });

  it("replaces the request by one of five minutes if the role cannot delete the rule", async () => {
    await jit.request({ for: 2 * hour }, "vm-app");
    await azure.fault({
      kind: "status",
      status: 403,
      method: "DELETE",
      path: "securityRules",
      code: "No",
      message: "No.",
    });
    const { exitCode, rows } = await jit.revoke({}, "vm-app");
    const message = `Your role cannot delete the rule that opens the port. A request for 5 minutes replaced the active one: the port is open until ${formatTime(rows[0]!.until as string)}.`;
    assert.deepEqual([exitCode, ...pick(rows[0], "state", "message")], [1, "shortened", message]);
    const { requests } = await jit.list();
    assert.deepEqual(
      requests.map((row) => pick(row, "state", "reason")),
      [
        ["active", "Revoked: done"],
        ["replaced", "INC-1"],
      ],
    );
    assert.equal(requests[0]!.end, rows[0]!.until);
    await azure.bench.plane.clock.advance(5 * 60_000);
    assert.equal((await azure.bench.connect()).outcome, "refused");
  });

  describe("of a VM in two policies", () => {
    const other = () => jitId(azure.bench.plane, "default");
    const forbidden = { kind: "status", status: 403, method: "DELETE", path: "securityRules", code: "No" } as const;
    before(async () => {
      const { plane, path } = azure.bench;
      await plane.send("PUT", other(), versions.jit, jitBody(path.vmId));
      const endTimeUtc = new Date(plane.clock.now().getTime() + 2 * hour).toISOString();
      const port = { number: 22, allowedSourceAddressPrefix: bastionSubnet, endTimeUtc };
      const body = { virtualMachines: [{ id: path.vmId, ports: [port] }] };
      assert.equal((await plane.send("POST", `${other()}/initiate`, versions.jit, body)).status, 202);
    });
    after(() => azure.bench.plane.send("DELETE", other(), versions.jit));

    it("shortens the request of the policy that opened the port", async () => {
      await azure.fault({ ...forbidden, message: "No." });
      const { exitCode, rows } = await jit.revoke({}, "vm-app");
      const message = `Your role cannot delete the rule that opens the port. A request for 5 minutes replaced the active one: the port is open until ${formatTime(rows[0]!.until as string)}.`;
      assert.deepEqual([exitCode, ...pick(rows[0], "state", "message")], [1, "shortened", message]);
    });

    it("fails if a rule opens the port that no request asks for, and that it cannot delete", async () => {
      await azure.bench.plane.clock.advance(hour);
      const remove = await jit.rule("MicrosoftDefenderForCloud-JITRule-1-0123456789ABCDEF0123456789ABCDEF");
      await azure.fault({ ...forbidden, message: "No." });
      const { exitCode, rows } = await jit.revoke({}, "vm-app");
      await azure.bench.plane.admin("DELETE", "/sandbox/faults");
      await remove();
      assert.deepEqual(
        [exitCode, ...pick(rows[0], "state", "until", "message")],
        [
          2,
          "failed",
          null,
          "Your role cannot delete the rule that opens the port. No request is active. `bastion-trail doctor` prints the fix.",
        ],
      );
    });
  });

  it("does not extend a request that ends sooner by itself", async () => {
    await jit.request({ for: 120_000 }, "vm-app");
    await azure.fault({
      kind: "status",
      status: 403,
      method: "DELETE",
      path: "securityRules",
      code: "No",
      message: "No.",
    });
    const { rows } = await jit.revoke({}, "vm-app");
    const { requests } = await jit.list();
    assert.deepEqual([rows[0]!.state, rows[0]!.until, requests.length], ["shortened", requests[0]!.end, 1]);
  });

  describe("under a lock", () => {
    const locks = async (level: string, scope: string) => {
      const { plane } = azure.bench;
      const id = `${scope}/providers/Microsoft.Authorization/locks/keep`;
      const { status } = await plane.send("PUT", id, "2020-05-01", { properties: { level } });
      assert.ok(status < 300);
      return () => plane.send("DELETE", id, "2020-05-01");
    };
    const group = () => azure.bench.path.vmId.split("/providers/")[0]!;
    const nsg = () => `${group()}/providers/Microsoft.Network/networkSecurityGroups/nsg-vm-app`;

    it("replaces the request by one of five minutes, and names the lock", async () => {
      await jit.request({ for: 2 * hour }, "vm-app");
      const unlock = await locks("CanNotDelete", group());
      try {
        const { exitCode, rows } = await jit.revoke({}, "vm-app");
        const { state, message, until } = rows[0]!;
        assert.deepEqual([exitCode, state], [1, "shortened"]);
        assert.equal(
          message,
          `The rule that opens the port cannot be deleted because of the lock 'keep' (CanNotDelete) on the resource group rg-access. ` +
            `A request for 5 minutes replaced the active one: the port is open until ${formatTime(until as string)}. ` +
            `To close the port now, remove the lock and run jit revoke again.`,
        );
      } finally {
        await unlock();
      }
      assert.equal((await jit.revoke({}, "vm-app")).rows[0]!.state, "closed");
    });

    it("names the lock's scope if the role cannot read locks", async () => {
      await jit.request({ for: 2 * hour }, "vm-app");
      const unlock = await locks("CanNotDelete", nsg());
      await azure.fault({ kind: "status", status: 403, method: "GET", path: "/locks", code: "No", message: "No." });
      try {
        const [row] = (await jit.revoke({}, "vm-app")).rows;
        assert.equal(
          row!.message,
          `The rule that opens the port cannot be deleted because of a lock on nsg-vm-app. A request for 5 minutes replaced the active one: the port is open until ${formatTime(row!.until as string)}. To close the port now, remove the lock and run jit revoke again.`,
        );
      } finally {
        await unlock();
      }
    });

    it("says until when the port is open if the lock allows no request either", async () => {
      const [opened] = (await jit.request({ for: 2 * hour }, "vm-app")).rows;
      const unlock = await locks("ReadOnly", group());
      try {
        const { exitCode, rows } = await jit.revoke({}, "vm-app");
        assert.deepEqual(
          [exitCode, ...pick(rows[0], "state", "until", "message")],
          [
            2,
            "failed",
            opened!.until,
            "The rule that opens the port cannot be deleted because of the lock 'keep' (ReadOnly) on the resource group rg-access. " +
              `The lock also refuses a shorter request. The port may be open until ${formatTime(opened!.until as string)}. ` +
              "To close the port now, remove the lock and run jit revoke again.",
          ],
        );
      } finally {
        await unlock();
      }
    });

    it("says until when the port is open if the role allows no request either", async () => {
      const [opened] = (await jit.request({ for: 2 * hour }, "vm-app")).rows;
      const unlock = await locks("CanNotDelete", nsg());
      await azure.fault({ kind: "status", status: 403, path: "/initiate", code: "No", message: "You cannot." });
      try {
        const { rows } = await jit.revoke({}, "vm-app");
        assert.deepEqual(pick(rows[0], "state", "until", "message"), [
          "failed",
          opened!.until,
          "The rule that opens the port cannot be deleted because of the lock 'keep' (CanNotDelete) on nsg-vm-app. " +
            `You cannot. The port may be open until ${formatTime(opened!.until as string)}. ` +
            "To close the port now, remove the lock and run jit revoke again.",
        ]);
      } finally {
        await unlock();
      }
    });
  });

  /** Stops a revocation while it closes the ports of vm-app. @returns what it says on stderr. */
  async function stoppedAtVmApp(...vms: readonly string[]): Promise<string> {
    await azure.fault({ kind: "delay", method: "DELETE", path: "nsg-vm-app/", ms: 60_000 });
    const io = azure.io();
    const options = given(jitRevokeOptions, { reason: "done" }, ...vms);
    void azure.interruptWhenHeld(io);
    await assert.rejects(runJitRevoke(options, io, azure.openUntil(io)), { name: "AbortError" });
    return io.written.stderr;
  }

  it("says what was done and what may be open if the user stops it", async () => {
    await jit.request({}, "vm-app", "vm-two");
    assert.match(
      await stoppedAtVmApp("vm-two", "vm-app"),
      /^vm-two: Deleted \S+ from nsg-vm-two, \S+ from nsg-vm-two: the port is closed\. .*\nInterrupted while the ports of vm-app were being closed: they may still be open\. Check with: bastion-trail jit ls\n$/,
    );
    assert.deepEqual(
      azure
        .recorded()
        .slice(-4)
        .map(({ outcome }) => outcome),
      ["asked", "asked", "closed", "interrupted"],
    );
  });

  it("names the VMs for which nothing was done if the user stops it", async () => {
    await jit.request({}, "vm-app");
    assert.equal(
      await stoppedAtVmApp("vm-app", "vm-two"),
      "Interrupted while the ports of vm-app were being closed: they may still be open. Nothing was done for vm-two. Check with: bastion-trail jit ls\n",
    );
  });

  it("succeeds if nothing is open", async () => {
    const { exitCode, rows } = await jit.revoke({}, "vm-app");
    assert.deepEqual([exitCode, ...pick(rows[0], "state", "message")], [0, "idle", "No rule opens the port."]);
  });

  it("reports each of several VMs", async () => {
    await jit.request({}, "vm-app", "vm-two");
    await azure.fault({
      kind: "status",
      status: 409,
      method: "DELETE",
      path: "nsg-vm-app",
      code: "X",
      message: "Locked.",
    });
    const { exitCode, rows } = await jit.revoke({}, "vm-app", "vm-two");
    assert.deepEqual(
      [exitCode, rows.map((row) => pick(row, "vmName", "state"))],
      [
        1,
        [
          ["vm-app", "failed"],
          ["vm-two", "closed"],
        ],
      ],
    );
    assert.deepEqual(
      azure
        .recorded()
        .slice(-4)
        .map(({ outcome }) => outcome),
      ["asked", "asked", "failed", "closed"],
    );
    assert.ok(!Number.isNaN(Date.parse(rows[0]!.until as string)));
  });
});
