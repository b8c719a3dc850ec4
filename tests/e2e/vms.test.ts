import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { objectsAt, textAt } from "../../sandbox/arm/json.ts";
import { AzureClients } from "./azureClients.ts";
import { forSuite } from "../held.ts";
import { smallConfig, TestSandbox, unchanged, type StackConfig } from "./harness.ts";

const group = "trail";
const plan = { ...smallConfig, bastionSku: "Premium", privateOnly: true, bastionZones: ["1", "3"] };

/** One stack that grows; each test goes on where the one before ended. */
describe("the machines of a deployment", () => {
  let azure: AzureClients;
  let total: number;

  const sandbox = forSuite(() => TestSandbox.start());
  before(() => {
    azure = new AzureClients(sandbox);
  });

  const windows: StackConfig = {
    ...plan,
    vms: [{ name: "desk", os: "windows", zone: "2", size: "Standard_D2s_v5", jitMaxDuration: "90m" }],
  };

  it("may be Windows, behind a private-only host in two zones that has no public IP address at all", async () => {
    const { changes, outputs } = await sandbox.up(windows);
    total = changes.create;
    assert.deepEqual(await Array.fromAsync(azure.network.publicIPAddresses.listAll()), []);
    const host = await azure.network.bastionHosts.get(group, "trail-bastion");
    assert.deepEqual(
      [host.sku?.name, host.enablePrivateOnlyBastion, host.zones, host.ipConfigurations?.[0]?.publicIPAddress],
      ["Premium", true, ["1", "3"], undefined],
    );
    const vm = await azure.compute.virtualMachines.get(group, "desk");
    assert.deepEqual(
      [vm.zones, vm.hardwareProfile?.vmSize, vm.storageProfile?.osDisk?.osType, vm.osProfile?.linuxConfiguration],
      [["2"], "Standard_D2s_v5", "Windows", undefined],
    );
    const policy = await azure.security.jitNetworkAccessPolicies.get(group, "westeurope", "desk-jit");
    assert.deepEqual(
      policy.virtualMachines[0]?.ports.map(({ number, maxRequestAccessDuration }) => [
        number,
        maxRequestAccessDuration,
      ]),
      [[3389, "PT1H30M"]],
    );
    assert.equal(outputs.adminPasswords, "[secret]");
  });

  it("keep a generated password out of sight: in the outputs, in the state, in what Azure shows", async () => {
    const { outputs } = await sandbox.succeed("status", "--show-secrets");
    const password = textAt(outputs, "adminPasswords.desk") ?? "";
    assert.match(password, /^[A-Za-z0-9!@#%*\-_=+]{32}$/);
    const state = readFileSync(join(sandbox.folder, "state/.pulumi/stacks/bastion-trail/sandbox.json"), "utf8");
    assert.ok(state.includes("desk-password"), "The state that was read is not the stack's.");
    // As JSON, and as JSON within the text of a JSON document.
    for (const form of [password, JSON.stringify(password).slice(1, -1), JSON.stringify(JSON.stringify(password))]) {
      assert.ok(!state.includes(form), "The state holds the password as plain text.");
    }
    assert.ok(!JSON.stringify(await azure.compute.virtualMachines.get(group, "desk")).includes(password));
    assert.ok(!(await sandbox.run("status")).stdout.includes(password));
  });

  it("are reached by RDP, after a request for their port", async () => {
    assert.equal((await sandbox.connect("desk")).outcome, "refused");
    await sandbox.request("desk");
    const connected = await sandbox.connect("desk");
    assert.ok(connected.outcome === "connected");
    assert.deepEqual([connected.session?.protocol, connected.session?.port], ["rdp", 3389]);
    const ssh = await sandbox.connect("desk", "--protocol", "ssh");
    assert.ok(ssh.outcome === "refused", JSON.stringify(ssh));
  });

  const crowd: StackConfig = {
    ...plan,
    vms: Array.from({ length: 25 }, (_, index) => ({ name: `vm-${String(index + 1)}`, login: "entraId" })),
  };

  it("may be 25, each with a group and a policy of its own, in one up that also takes the first one away", async () => {
    const { changes, outputs } = await sandbox.up(crowd);
    // Per VM: component, password, group, two rules, interface, VM, extension, policy. The evidence group records which VMs there are.
    assert.deepEqual([changes.create, changes.update, changes.replace], [25 * 9, 1, 0]);
    const vms = objectsAt(outputs, "vms");
    assert.deepEqual(
      [
        vms.length,
        new Set(vms.map(({ privateIp }) => privateIp)).size,
        new Set(vms.map(({ jitPolicyId }) => jitPolicyId)).size,
      ],
      [25, 25, 25],
    );
    const nsgs = await Array.fromAsync(azure.network.networkSecurityGroups.listAll());
    const jitRules = nsgs.flatMap(({ securityRules = [] }) =>
      securityRules.filter(({ name }) => name?.startsWith("MicrosoftDefenderForCloud-JITRule_")),
    );
    assert.deepEqual([nsgs.length, jitRules.length], [26, 25]);
    total = changes.create + changes.update + changes.same;
    assert.deepEqual(await sandbox.preview(crowd), unchanged(total));
  });

  it("are opened one by one", async () => {
    await sandbox.request("vm-7");
    assert.equal((await sandbox.connect("vm-7")).outcome, "connected");
    assert.equal((await sandbox.connect("vm-8")).outcome, "refused");
  });

  it("all go with destroy", async () => {
    assert.deepEqual(await sandbox.destroy(crowd), { ...unchanged(0), delete: total });
    assert.deepEqual(await sandbox.resourceIds(), []);
  });
});
