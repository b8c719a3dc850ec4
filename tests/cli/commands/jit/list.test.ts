import assert from "node:assert/strict";
import { jitLsOptions } from "../../../../cli/commands/jit/lsOptions.ts";
import { runJitLs } from "../../../../cli/commands/jit/list.ts";
import { ada } from "../../../sandbox/bastion/sessionFixture.ts";
import { jitBody, jitId, versions } from "../../../sandbox/auditResources.ts";
import { AccessBench, given } from "../../accessBench.ts";
import { hour, JitBench, pick } from "./jitBench.ts";
import { forSuite } from "../../../held.ts";

describe("jit ls", () => {
  const azure = forSuite(() => AccessBench.start());
  const jit = new JitBench(azure);
  afterEach(() => azure.reset());

  it("shows the ports without a request as idle", async () => {
    const io = azure.io();
    await runJitLs(given(jitLsOptions), io, azure.open);
    const lines = io.written.stdout.trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => line.trim().split(/ {2,}/).slice(0, 4)),
      [
        ["LEFT", "REQUESTED BY", "VM", "PORT"],
        ["-", "-", "vm-app", "22"],
        ["-", "-", "vm-two", "22"],
        ["-", "-", "vm-two", "3389"],
      ],
    );
  });

  it("shows active requests first, the one that ends first before the others, with the time left", async () => {
    await jit.request({ for: hour }, "vm-two");
    await jit.request({ for: hour / 2, reason: "short" }, "vm-app");
    const { requests, policies } = await jit.list();
    assert.deepEqual(
      requests.map((row) => pick(row, "vmName", "port", "state", "rule", "requestor", "reason", "source")),
      [
        ["vm-app", 22, "active", "present", ada, "short", "10.0.0.0/26"],
        ["vm-two", 22, "active", "present", ada, "INC-1", "10.0.0.0/26"],
        ["vm-two", 3389, "active", "present", ada, "INC-1", "10.0.0.0/26"],
      ],
    );
    const left = requests[0]!.secondsLeft as number;
    assert.ok(left > 1700 && left <= 1800, String(left));
    assert.deepEqual(
      policies.map(({ name }) => name),
      ["jit-vm-app", "jit-vm-two"],
    );
  });

  it("lists ended requests after active ones", async () => {
    await jit.request({ for: hour / 2 }, "vm-app");
    await azure.bench.plane.clock.advance(hour);
    await jit.request({ for: hour }, "vm-app");
    await jit.request({ for: hour }, "vm-app");
    assert.deepEqual(
      (await jit.list()).requests.map(({ state, secondsLeft }) => [state, secondsLeft === null]),
      [
        ["active", false],
        ["replaced", true],
        ["expired", true],
      ],
    );
    assert.deepEqual(
      (await jit.list({ active: true })).requests.map(({ state }) => state),
      ["active"],
    );
  });

  it("shows one VM", async () => {
    await jit.request({}, "vm-app", "vm-two");
    const { requests, policies } = await jit.list({ vm: "VM-APP" });
    assert.deepEqual(
      [requests.map(({ vmName }) => vmName), policies.map(({ name }) => name)],
      [["vm-app"], ["jit-vm-app"]],
    );
  });

  it("spells a VM as Azure does, whatever the case in its policy", async () => {
    const { plane, path } = azure.bench;
    await plane.send("PUT", jitId(plane, "jit-vm-app"), versions.jit, jitBody(path.vmId.replace("vm-app", "VM-APP")));
    await jit.request({}, "vm-app");
    const { requests, policies } = await jit.list({ vm: "vm-app" });
    assert.deepEqual(
      [requests.map(({ vmName }) => vmName), policies.map(({ vms }) => (vms as { name: string }[])[0]!.name)],
      [["vm-app"], ["vm-app"]],
    );
  });

  it("suggests the name of a mistyped VM", async () => {
    await assert.rejects(jit.list({ vm: "vmapp" }), {
      name: "UserError",
      message: "No JIT policy covers the VM 'vmapp'. Did you mean 'vm-app'?",
      nextStep: "VMs with a JIT policy: vm-app, vm-two.",
    });
  });

  it("names somebody else of whom the policy has only an id as the activity log does, and keeps the id in JSON", async () => {
    const eve = await jit.requestById("eve@example.com");
    const requestors = async () => (await jit.list()).requests.map((row) => pick(row, "requestor", "requestorId"));
    assert.deepEqual(await requestors(), [["eve@example.com", eve]]);
    await azure.fault({ kind: "status", status: 403, path: "eventtypes/", code: "No", message: "No." });
    assert.deepEqual(await requestors(), [[eve, eve]]);
  });

  it("shows a running request as active if the rules cannot be read", async () => {
    await jit.request({}, "vm-app");
    await azure.fault({ kind: "status", status: 403, path: "networkSecurityGroups/", code: "No", message: "No." });
    assert.deepEqual(
      (await jit.list()).requests.map((row) => pick(row, "state", "rule")),
      [["active", null]],
    );
  });
});
