import assert from "node:assert/strict";
import type { BastionHost } from "../../../azure/bastionHost.ts";
import type { VirtualMachine } from "../../../azure/virtualMachine.ts";
import { nativeClient, withoutNativeClient, type Wish } from "../../../cli/connect/nativeClient.ts";

const group = "/subscriptions/s/resourceGroups/g/providers";
const host: BastionHost = {
  id: `${group}/Microsoft.Network/bastionHosts/bas`,
  name: "bas",
  sku: "Standard",
  tunneling: true,
  subnetId: null,
};
const linux: VirtualMachine = {
  id: `${group}/Microsoft.Compute/virtualMachines/web`,
  name: "web",
  os: "linux",
  adminUsername: "azureuser",
  keysOnly: false,
  primaryNicId: null,
};
const windows: VirtualMachine = { ...linux, os: "windows" };
const wish: Wish = {
  port: 22,
  login: "password",
  username: undefined,
  sshKey: undefined,
  tunnel: undefined,
  sshArguments: [],
  platform: "linux",
};
const target = ["--name", "bas", "--resource-group", "g", "--subscription", "s", "--target-resource-id", linux.id];
const args = (vm: VirtualMachine, more: Partial<Wish>) => nativeClient(host, vm, { ...wish, ...more }).args;

describe("the Azure CLI's native client", () => {
  it("needs Standard or Premium, with tunneling", () => {
    assert.equal(withoutNativeClient(host), undefined);
    assert.equal(withoutNativeClient({ ...host, sku: "premium" }), undefined);
    assert.equal(
      withoutNativeClient({ ...host, sku: "Developer" }),
      "The Bastion host bas has the SKU Developer, which has no native client.",
    );
    assert.equal(
      withoutNativeClient({ ...host, tunneling: false }),
      "The native client of the Bastion host bas is switched off (enableTunneling).",
    );
  });

  it("logs in by SSH as the VM is set up", () => {
    const ssh = ["network", "bastion", "ssh", ...target, "--resource-port", "22", "--auth-type"];
    assert.deepEqual(args(linux, { login: "aad" }), [...ssh, "AAD"]);
    assert.deepEqual(args(linux, {}), [...ssh, "password", "--username", "azureuser"]);
    assert.deepEqual(args(linux, { username: "ada" }), [...ssh, "password", "--username", "ada"]);
    assert.deepEqual(args(linux, { login: "ssh-key", sshKey: "/k" }), [
      ...ssh,
      "ssh-key",
      "--username",
      "azureuser",
      "--ssh-key",
      "/k",
    ]);
  });

  it("says what a login misses", () => {
    assert.throws(() => args(linux, { login: "ssh-key" }), {
      message: "web takes SSH keys only, and there is none in ~/.ssh.",
      nextStep: "Give --ssh-key FILE.",
    });
    assert.throws(() => args({ ...linux, adminUsername: null }, {}), {
      message: "The account to log in to web with is not known.",
      nextStep: "Give --username NAME.",
    });
  });

  it("starts Windows' own client on Windows, with an Entra login where the VM has it", () => {
    const rdp = ["network", "bastion", "rdp", ...target, "--resource-port", "3389"];
    assert.deepEqual(args(windows, { port: 3389, platform: "win32" }), rdp);
    assert.deepEqual(args(windows, { port: 3389, platform: "win32", login: "aad" }), [...rdp, "--auth-type", "aad"]);
  });

  it("opens a tunnel for Windows elsewhere, and wherever one is asked for", () => {
    const tunnel = ["network", "bastion", "tunnel", ...target];
    assert.deepEqual(args(windows, { port: 3389 }), [...tunnel, "--resource-port", "3389", "--port", "53389"]);
    assert.deepEqual(args(linux, { tunnel: 10_022 }), [...tunnel, "--resource-port", "22", "--port", "10022"]);
    assert.equal(nativeClient(host, linux, { ...wish, tunnel: 10_022 }).localPort, 10_022);
  });
});
