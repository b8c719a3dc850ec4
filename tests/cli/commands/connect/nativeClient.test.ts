import assert from "node:assert/strict";
import type { VirtualMachine } from "../../../../cli/azure/virtualMachine.ts";
import {
  clientMethod,
  nativeClient,
  neededExtensions,
  withoutNativeClient,
  type ClientHost,
  type ClientMethod,
  type ClientOptions,
} from "../../../../cli/commands/connect/nativeClient.ts";

const group = "/subscriptions/s/resourceGroups/g/providers";
const host: ClientHost = {
  id: `${group}/Microsoft.Network/bastionHosts/bas`,
  name: "bas",
  sku: "Standard",
  tunneling: true,
};
const linux: VirtualMachine = {
  id: `${group}/Microsoft.Compute/virtualMachines/web`,
  name: "web",
  os: "linux",
  adminUsername: "azureuser",
  keysOnly: false,
  primaryNicId: null,
  power: "running",
  state: "succeeded",
};
const windows: VirtualMachine = { ...linux, os: "windows" };
const usual: ClientOptions = {
  method: "ssh",
  port: 22,
  login: "password",
  username: undefined,
  sshKey: undefined,
  tunnel: undefined,
  sshArguments: [],
};
const target = ["--name", "bas", "--resource-group", "g", "--subscription", "s", "--target-resource-id", linux.id];
const args = (vm: VirtualMachine, more: Partial<ClientOptions>) => nativeClient(host, vm, { ...usual, ...more }).args;

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
      "The native client of the Bastion host bas is off (enableTunneling).",
    );
  });

  it("is SSH for Linux, RDP for Windows on Windows, and otherwise a tunnel", () => {
    const method = (vm: VirtualMachine, platform: NodeJS.Platform, tunnel?: number) =>
      clientMethod(vm, { platform, tunnel });
    assert.deepEqual([method(linux, "linux"), method(linux, "win32")], ["ssh", "ssh"]);
    assert.deepEqual([method(windows, "win32"), method(windows, "darwin")], ["rdp", "tunnel"]);
    assert.deepEqual([method(linux, "linux", 1022), method(windows, "win32", 1022)], ["tunnel", "tunnel"]);
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

  it("names what a login lacks", () => {
    assert.throws(() => args(linux, { login: "ssh-key" }), {
      message: "web only accepts SSH keys, and ~/.ssh has none.",
      nextStep: "Pass --ssh-key FILE.",
    });
    assert.throws(() => args({ ...linux, adminUsername: null }, {}), {
      message: "The account to log in to web is unknown.",
      nextStep: "Pass --username NAME.",
    });
    assert.throws(() => args({ ...linux, adminUsername: "-oProxyCommand=x" }, {}), {
      message: "'-oProxyCommand=x' is not an account name.",
    });
  });

  for (const account of ["ada", "ada@example.com", "CORP\\ada", "svc$", "ärzte_1", ".x", "a-b"]) {
    it(`takes the account ${account}`, () => {
      assert.deepEqual(args(linux, { username: account }).slice(-2), ["--username", account]);
    });
  }

  it("starts RDP, with an Entra login where the VM has it", () => {
    const rdp = ["network", "bastion", "rdp", ...target, "--resource-port", "3389"];
    assert.deepEqual(args(windows, { method: "rdp", port: 3389 }), rdp);
    assert.deepEqual(args(windows, { method: "rdp", port: 3389, login: "aad" }), [...rdp, "--auth-type", "aad"]);
  });

  it("opens a tunnel on the port that is given, or on 53389", () => {
    const tunnel = ["network", "bastion", "tunnel", ...target];
    assert.deepEqual(args(windows, { method: "tunnel", port: 3389 }), [
      ...tunnel,
      ...["--resource-port", "3389", "--port", "53389"],
    ]);
    const call = nativeClient(host, linux, { ...usual, method: "tunnel", tunnel: 10_022 });
    assert.deepEqual(call.args, [...tunnel, "--resource-port", "22", "--port", "10022"]);
    assert.equal(call.localPort, 10_022);
  });

  it("keeps a value that looks like an option from becoming one", () => {
    const id = host.id.replace("/g/", "/--debug/");
    const call = nativeClient({ ...host, id }, linux, { ...usual, sshArguments: ["--help", "--", "-v"] });
    assert.deepEqual(call.args.slice(3, 6), ["--name", "bas", "--resource-group=--debug"]);
    assert.deepEqual(call.args.slice(-4), ["--", "--help", "--", "-v"]);
  });

  it("needs the ssh extension for SSH, and a newer bastion extension for ssh's own arguments", () => {
    const needs = (method: ClientMethod, ...words: string[]) =>
      neededExtensions(method, words).map(({ name, version }) => `${name} ${version}`);
    assert.deepEqual(needs("ssh"), ["bastion 0.1.0", "ssh 0.1.3"]);
    assert.deepEqual(needs("ssh", "-v"), ["bastion 1.1.0", "ssh 0.1.3"]);
    assert.deepEqual([needs("rdp"), needs("tunnel")], [["bastion 0.1.0"], ["bastion 0.1.0"]]);
  });
});
