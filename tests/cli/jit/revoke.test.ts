import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ada } from "../../sandbox/bastion/sessionFixture.ts";
import { AccessBench } from "../accessBench.ts";
import { hour, JitBench, pick, type Row } from "./jitBench.ts";

describe("jit revoke", () => {
  let azure: AccessBench;
  let jit: JitBench;
  before(async () => {
    azure = await AccessBench.start();
    jit = new JitBench(azure);
  });
  afterEach(() => azure.reset());
  after(() => azure.end());

  const recorded = () =>
    readFileSync(join(azure.folder, "actions.ndjson"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Row);

  it("deletes Defender's rule: the port is shut at once, and that is told and recorded", async () => {
    await jit.request({}, "vm-app");
    const { exitCode, rows } = await jit.revoke({}, "vm-app");
    assert.deepEqual([exitCode, ...pick(rows[0], "state", "until")], [0, "closed", null]);
    assert.match(
      rows[0]!.message as string,
      /^Deleted Defender's rule MicrosoftDefenderForCloud-JITRule-\S+ from nsg-vm-app: the port is shut now\. Defender goes on listing the request until \S+Z, and then has nothing to remove\.$/,
    );
    assert.equal((await azure.bench.connect()).outcome, "refused");
    assert.deepEqual(
      (await jit.list()).requests.map((row) => pick(row, "state", "rule")),
      [["shut", "missing"]],
    );
    assert.deepEqual(
      recorded().map((entry) => pick(entry, "action", "by", "reason", "target", "outcome", "correlationId")),
      [["jit revoke", ada, "done", azure.bench.path.vmId, "closed", rows[0]!.correlationId]],
    );
    const deletion = azure.bench.plane.events.filter(({ correlationId }) => correlationId === rows[0]!.correlationId);
    assert.ok(JSON.stringify(deletion).includes("securityRules/delete"));
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
        [3389, "shut"],
      ],
    );
  });

  it("has a request of five minutes take the place where the role may not delete the rule", async () => {
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
    assert.deepEqual([exitCode, rows[0]!.state], [1, "shortened"]);
    assert.match(
      rows[0]!.message as string,
      /^Your role may not delete Defender's rule, so a newer request has taken the place of the active one: the port is open until \S+Z\.$/,
    );
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

  it("does not lengthen a request that ends sooner by itself", async () => {
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

  it("is done where nothing is open", async () => {
    const { exitCode, rows } = await jit.revoke({}, "vm-app");
    assert.deepEqual([exitCode, ...pick(rows[0], "state", "message")], [0, "idle", "No rule opens the port."]);
  });

  it("tells each of several VMs", async () => {
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
      recorded().map(({ outcome }) => outcome),
      ["failed", "closed"],
    );
  });
});
