/** The command of the Azure CLI that connects, with its arguments. */
import type { BastionHost } from "../../azure/bastionHosts.ts";
import type { VirtualMachine } from "../../azure/virtualMachine.ts";
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import { UserError } from "../../errors.ts";
import type { Extension } from "./azureCli.ts";

export type Login = "aad" | "ssh-key" | "password";
export type ClientMethod = "ssh" | "rdp" | "tunnel";

export interface ClientOptions {
  readonly method: ClientMethod;
  readonly port: number;
  readonly login: Login;
  /** Account on the VM. Default: its administrator. */
  readonly username: string | undefined;
  /** Absolute path of the private key. */
  readonly sshKey: string | undefined;
  /** Local port of a tunnel. */
  readonly tunnel: number | undefined;
  readonly sshArguments: readonly string[];
}

/** A call of the Azure CLI. */
export interface NativeClient {
  readonly method: ClientMethod;
  /** The words after `az`. */
  readonly args: readonly string[];
  /** Local end of the tunnel, for any client. */
  readonly localPort: number | undefined;
}

/** Default local port of a tunnel to Windows. */
const defaultTunnelPort = 53_389;

/** azure-cli-extensions, bastion/HISTORY.rst: `ssh_args` came with 1.1.0. */
const bastion = { name: "bastion", version: "0.1.0" };
const bastionWithSshArguments = { name: "bastion", version: "1.1.0" };
/** `az network bastion ssh` requires this version for every login method (azure-cli-extensions, bastion/custom.py). */
const ssh = { name: "ssh", version: "0.1.3" };

/** The host that the Azure CLI connects through. */
export type ClientHost = Pick<BastionHost, "id" | "name" | "sku" | "tunneling">;

/**
 * Explains why the Azure CLI cannot connect through a host (azure-docs, bastion/native-client.md: requires Standard or
 * Premium, with `enableTunneling`); `undefined` if it can.
 */
export function withoutNativeClient({ name, sku, tunneling }: ClientHost): string | undefined {
  if (!["standard", "premium"].includes(sku.toLowerCase())) {
    return `The Bastion host ${name} has the SKU ${sku}, which has no native client.`;
  }
  return tunneling ? undefined : `The native client of the Bastion host ${name} is off (enableTunneling).`;
}

/** Chooses the method. `rdp` starts Windows' own client; on other platforms a tunnel serves any client. */
export function clientMethod(
  { os }: VirtualMachine,
  { tunnel, platform }: { readonly tunnel: number | undefined; readonly platform: NodeJS.Platform },
): ClientMethod {
  if (tunnel !== undefined) {
    return "tunnel";
  }
  return os === "linux" ? "ssh" : platform === "win32" ? "rdp" : "tunnel";
}

/** The extensions of the Azure CLI that a method requires. */
export function neededExtensions(method: ClientMethod, sshArguments: readonly string[]): readonly Extension[] {
  return method === "ssh" ? [sshArguments.length === 0 ? bastion : bastionWithSshArguments, ssh] : [bastion];
}

/**
 * Returns the call that connects (azure-cli-extensions, bastion/_params.py).
 * @throws `UserError` if the login lacks an account or a key.
 */
export function nativeClient(host: ClientHost, vm: VirtualMachine, options: ClientOptions): NativeClient {
  const { method, port, login, tunnel, sshArguments } = options;
  const target = [
    ...hostArguments(host),
    ...option("--target-resource-id", vm.id),
    ...option("--resource-port", String(port)),
  ];
  const call = (more: readonly string[]) => ["network", "bastion", method, ...target, ...more];
  switch (method) {
    case "tunnel": {
      const localPort = tunnel ?? defaultTunnelPort;
      return { method, args: call(option("--port", String(localPort))), localPort };
    }
    case "rdp": {
      const auth = login === "aad" ? option("--auth-type", "aad") : [];
      return { method, args: call(auth), localPort: undefined };
    }
    case "ssh": {
      const further = sshArguments.length === 0 ? [] : ["--", ...sshArguments];
      return { method, args: call([...sshLogin(vm, options), ...further]), localPort: undefined };
    }
  }
}

function hostArguments({ id, name }: ClientHost): string[] {
  const parsed = parseResourceId(id);
  return parsed === undefined
    ? option("--name", name)
    : [
        ...option("--name", parsed.name),
        ...option("--resource-group", parsed.resourceGroupName),
        ...option("--subscription", parsed.subscriptionId),
      ];
}

function sshLogin(
  vm: VirtualMachine,
  { login, username = vm.adminUsername ?? undefined, sshKey }: ClientOptions,
): string[] {
  if (login === "aad") {
    return option("--auth-type", "AAD");
  }
  if (username === undefined) {
    throw new UserError(`The account to log in to ${vm.name} is unknown.`, "Pass --username NAME.");
  }
  checkAccount(username);
  const account = option("--username", username);
  if (login === "password") {
    return [...option("--auth-type", "password"), ...account];
  }
  if (sshKey === undefined) {
    throw new UserError(`${vm.name} only accepts SSH keys, and ~/.ssh has none.`, "Pass --ssh-key FILE.");
  }
  return [...option("--auth-type", "ssh-key"), ...account, ...option("--ssh-key", sshKey)];
}

/**
 * Refuses unsafe account names. The Azure CLI passes the account to ssh as `ACCOUNT@localhost`, where a leading `-`
 * makes it an option of ssh. It reads a file for a value with a leading `@`, and on Windows starts ssh through the
 * shell.
 */
function checkAccount(account: string): void {
  if (!/^[\p{L}\p{N}_.][\p{L}\p{N}_.@\\+$-]*$/u.test(account)) {
    throw new UserError(
      `'${account}' is not an account name.`,
      "It must begin with a letter, a digit, _ or ., and may also contain @ \\ + $ and -.",
    );
  }
}

/** An option of the Azure CLI with its value. A value with a leading `-` would be parsed as an option. */
function option(name: string, value: string): string[] {
  return value.startsWith("-") ? [`${name}=${value}`] : [name, value];
}
