import assert from "node:assert/strict";
import { jitLsOptions } from "../../../../cli/commands/jit/lsOptions.ts";
import { exitCodes } from "../../../../cli/errors.ts";
import { objectsAt, withProperties } from "../../../../sandbox/arm/json.ts";
import { roleFilePath } from "../../../../cli/roleFiles.ts";
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

  it("names a policy of an unexpected form, and lists the others", async () => {
    const odd = { id: "/policies/odd-jit", name: "odd-jit", properties: { virtualMachines: 7 } };
    const { exitCode, policies, stderr } = await jit.list({}, azure.openWith("jitNetworkAccessPolicies", odd));
    assert.deepEqual([exitCode, policies.map(({ name }) => name)], [exitCodes.findings, ["jit-vm-app", "jit-vm-two"]]);
    assert.equal(
      stderr,
      "warning: Azure's answer for a JIT policy, odd-jit, has an unexpected form (properties.virtualMachines). It is left out.\n",
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

  const shown = async (values: object = {}) =>
    (await jit.list(values)).requests.map((row) => pick(row, "state", "rule"));

  it("shows a request as closed if its rule was deleted, and leaves it out of --active", async () => {
    await jit.request({}, "vm-app");
    await jit.deleteRules();
    assert.deepEqual(await shown(), [["closed", "missing"]]);
    assert.deepEqual(await shown({ active: true }), []);
  });

  it("judges a request by the rules that decide, not by a rule's name", async () => {
    await jit.request({}, "vm-app");
    await jit.deleteRules();
    const name = "MicrosoftDefenderForCloud-JITRule-1-0123456789ABCDEF0123456789ABCDEF";
    const remove = await jit.rule(name, { priority: 100, sourceAddressPrefix: "203.0.113.7" });
    assert.deepEqual(await shown(), [["closed", "present"]]);
    await remove();
  });

  it("shows a request as bypassed if its rule is gone, and another rule opens the port", async () => {
    await jit.request({}, "vm-app");
    await jit.deleteRules();
    const remove = await jit.rule("OpenSsh");
    assert.deepEqual(await shown(), [["bypassed", "missing"]]);
    assert.deepEqual(await shown({ active: true }), [["bypassed", "missing"]]);
    await remove();
    jit.setGroup();
    assert.deepEqual(await shown(), [["bypassed", "missing"]]);
    jit.setGroup(azure.bench.path.nsgId);
  });

  it("shows the state of a running request as unknown if the rules cannot be read, and says why", async () => {
    await jit.request({}, "vm-app");
    await azure.fault({
      kind: "status",
      status: 403,
      path: "networkSecurityGroups/",
      code: "AuthorizationFailed",
      message: "No.",
    });
    const { requests, exitCode, stderr } = await jit.list({ active: true });
    const reason = `No. Ask for the role Bastion Trail Operator (${roleFilePath("operator")}); a new role takes a few minutes to apply.`;
    assert.deepEqual(
      [exitCode, requests.map((row) => pick(row, "state", "rule", "message"))],
      [exitCodes.findings, [["unknown", null, reason]]],
    );
    assert.equal(stderr, `warning: whether the ports of vm-app are open is unknown: ${reason}\n`);
  });

  it("says of a VM that is gone why the state of its request is unknown", async () => {
    await jit.request({}, "vm-app");
    const { plane, path } = azure.bench;
    const vm = plane.store.get(path.vmId)!;
    plane.store.delete(path.vmId);
    try {
      const { requests, exitCode, stderr } = await jit.list();
      assert.deepEqual([exitCode, requests.map(({ state }) => state)], [exitCodes.findings, ["unknown"]]);
      assert.equal(
        stderr,
        "warning: whether the ports of vm-app are open is unknown: The Resource 'Microsoft.Compute/virtualMachines/vm-app' under resource group 'rg-access' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix. Check the subscription and the id: it may have been deleted.\n",
      );
    } finally {
      plane.store.put(vm);
    }
  });

  it("shows the state of a request as unknown if its end cannot be read, and says so", async () => {
    await jit.request({}, "vm-app");
    const { plane } = azure.bench;
    const policy = plane.store.get(jitId(plane, "jit-vm-app"))!;
    const [request] = objectsAt(policy.body, "properties.requests");
    const [vm] = objectsAt(request, "virtualMachines");
    const [port] = objectsAt(vm, "ports");
    const virtualMachines = [{ ...vm, ports: [{ ...port, endTimeUtc: "soon" }] }];
    const requests = [{ ...request, virtualMachines }];
    plane.store.put({ ...policy, body: withProperties(policy.body, { requests }) });
    const listed = await jit.list({ active: true });
    assert.deepEqual(
      [listed.exitCode, listed.requests.map((row) => pick(row, "state", "end", "secondsLeft", "rule", "message"))],
      [exitCodes.findings, [["unknown", "soon", null, null, "Azure's time of its end is 'soon'."]]],
    );
    assert.equal(
      listed.stderr,
      "warning: whether a request for port 22 of vm-app has ended is unknown: Azure's time of its end is 'soon'.\n",
    );
  });
});
