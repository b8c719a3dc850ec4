/** How to connect: by which command of the Azure CLI, or in the portal. */
import type { BastionHost } from "../../azure/bastionHost.ts";
import type { VirtualMachine } from "../../azure/virtualMachine.ts";
import { parseResourceId } from "../../links/resourceId.ts";
import { UserError } from "../errors.ts";

export type Login = "aad" | "ssh-key" | "password";

/** What the person asks for; what they leave open is decided by the VM. */
export interface Wish {
  readonly port: number;
  readonly login: Login;
  readonly username: string | undefined;
  /** Path of the private key. */
  readonly sshKey: string | undefined;
  /** Local port of a tunnel, instead of a session. */
  readonly tunnel: number | undefined;
  readonly sshArguments: readonly string[];
  readonly platform: NodeJS.Platform;
}

/** A call of the Azure CLI. */
export interface NativeClient {
  readonly method: "ssh" | "rdp" | "tunnel";
  /** The words after `az`. */
  readonly args: readonly string[];
  /** Where a client of one's own connects to, with a tunnel. */
  readonly localPort: number | undefined;
}

/** Local port of the tunnel for Windows where nobody says which. */
const defaultTunnelPort = 53_389;

/**
 * Why the Azure CLI cannot connect through a host (azure-docs, bastion/native-client.md: Standard or Premium, with
 * `enableTunneling`); `undefined` when it can.
 */
export function withoutNativeClient({ name, sku, tunneling }: BastionHost): string | undefined {
  if (!["standard", "premium"].includes(sku.toLowerCase())) {
    return `The Bastion host ${name} has the SKU ${sku}, which has no native client.`;
  }
  return tunneling ? undefined : `The native client of the Bastion host ${name} is switched off (enableTunneling).`;
}

/**
 * The call that connects (azure-cli-extensions, `bastion`). `rdp` starts Windows' own client, so elsewhere a tunnel is
 * opened for any client.
 */
export function nativeClient(host: BastionHost, vm: VirtualMachine, wish: Wish): NativeClient {
  const { port, login, tunnel, sshArguments, platform } = wish;
  const target = [...hostArguments(host), "--target-resource-id", vm.id, "--resource-port", String(port)];
  if (tunnel !== undefined || (vm.os === "windows" && platform !== "win32")) {
    const localPort = tunnel ?? defaultTunnelPort;
    return {
      method: "tunnel",
      args: ["network", "bastion", "tunnel", ...target, "--port", String(localPort)],
      localPort,
    };
  }
  if (vm.os === "windows") {
    const auth = login === "aad" ? ["--auth-type", "aad"] : [];
    return { method: "rdp", args: ["network", "bastion", "rdp", ...target, ...auth], localPort: undefined };
  }
  const further = sshArguments.length === 0 ? [] : ["--", ...sshArguments];
  const auth = sshLogin(vm, wish);
  return { method: "ssh", args: ["network", "bastion", "ssh", ...target, ...auth, ...further], localPort: undefined };
}

function hostArguments({ id, name }: BastionHost): string[] {
  const parsed = parseResourceId(id);
  return parsed === undefined
    ? ["--name", name]
    : ["--name", parsed.name, "--resource-group", parsed.resourceGroupName, "--subscription", parsed.subscriptionId];
}

function sshLogin(vm: VirtualMachine, { login, username = vm.adminUsername ?? undefined, sshKey }: Wish): string[] {
  if (login === "aad") {
    return ["--auth-type", "AAD"];
  }
  if (username === undefined) {
    throw new UserError(`The account to log in to ${vm.name} with is not known.`, "Give --username NAME.");
  }
  if (login === "password") {
    return ["--auth-type", "password", "--username", username];
  }
  if (sshKey === undefined) {
    throw new UserError(`${vm.name} takes SSH keys only, and there is none in ~/.ssh.`, "Give --ssh-key FILE.");
  }
  return ["--auth-type", "ssh-key", "--username", username, "--ssh-key", sshKey];
}
