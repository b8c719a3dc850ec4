/** What is known of a connection before anything is requested. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { ArmClient } from "../../azure/armClient.ts";
import { readBastionHost, type BastionHost } from "../../azure/bastionHost.ts";
import { tenantOf } from "../../azure/caller.ts";
import { listJitPolicies, type JitPort } from "../../azure/jitPolicies.ts";
import { hasEntraLogin, readVirtualMachine, type VirtualMachine } from "../../azure/virtualMachine.ts";
import { resourceLink } from "../../links/portal.ts";
import type { Access } from "../access.ts";
import type { Input } from "../command.ts";
import type { connectOptions } from "../commands/connect.ts";
import { UserError } from "../errors.ts";
import type { Io } from "../io.ts";
import { findTargets, type JitTarget } from "../jit/targets.ts";
import { nativeClient, withoutNativeClient, type Login, type NativeClient } from "./nativeClient.ts";

export type ConnectOptions = Input<typeof connectOptions>;

export interface Plan {
  readonly host: BastionHost;
  readonly vm: VirtualMachine;
  /** The one port that is connected to. */
  readonly target: JitTarget;
  readonly port: number;
  /** The VM's page in the portal. */
  readonly link: string;
  /** `undefined` where one connects in the portal. */
  readonly client: NativeClient | undefined;
}

/** @throws `UserError` for a VM without a policy, a port that the policy lacks, and a login that misses something. */
export async function planConnection({ arm, cloud, settings }: Access, options: ConnectOptions, io: Io): Promise<Plan> {
  const [name = "", ...sshArguments] = options.operands;
  const [host, policies] = await Promise.all([
    settings.need("bastionHostId").then((id) => readBastionHost(arm, id)),
    settings.need("subscriptionId").then((id) => listJitPolicies(arm, id)),
  ]);
  const [found] = findTargets(policies, [name], options.port);
  if (found === undefined) {
    throw new UserError("It is not said which VM.", "Give its name, or its ARM id.");
  }
  const vm = await readVirtualMachine(arm, found.vm.id);
  const port = portOf(found, vm);
  const tenantId = (await settings.find("tenantId")) ?? tenantOf(await arm.token()) ?? "";
  const plan = {
    host,
    vm,
    target: { ...found, ports: [port] },
    port: port.number,
    link: resourceLink({ tenantId, portal: cloud.portal }, vm.id),
  };
  if (withoutNativeClient(host) !== undefined) {
    return { ...plan, client: undefined };
  }
  const client = nativeClient(host, vm, {
    port: port.number,
    login: options.auth ?? (await loginOf(arm, vm)),
    username: options.username,
    sshKey: sshKeyOf(options.sshKey, io),
    tunnel: options.tunnel,
    sshArguments,
    platform: process.platform,
  });
  return { ...plan, client };
}

/** The port of the VM's own protocol, or the only one that there is. */
function portOf({ ports, vm: { name } }: JitTarget, { os }: VirtualMachine): JitPort {
  const usual = os === "windows" ? 3389 : 22;
  const port = ports.find(({ number }) => number === usual) ?? (ports.length === 1 ? ports[0] : undefined);
  if (port === undefined) {
    const others = ports.map(({ number }) => number).join(", ");
    throw new UserError(`The JIT policy of ${name} has the ports ${others}, and not ${usual}.`, "Give --port NUMBER.");
  }
  return port;
}

/** How people log in, by what the VM is set up for. */
async function loginOf(arm: ArmClient, vm: VirtualMachine): Promise<Login> {
  if (await hasEntraLogin(arm, vm.id)) {
    return "aad";
  }
  return vm.keysOnly ? "ssh-key" : "password";
}

/** @returns `undefined` where none is given and none has one of ssh's usual names. */
function sshKeyOf(given: string | undefined, io: Io): string | undefined {
  if (given === undefined) {
    const folder = join(io.env.HOME ?? homedir(), ".ssh");
    return ["id_ed25519", "id_ecdsa", "id_rsa"].map((name) => join(folder, name)).find((file) => existsSync(file));
  }
  const file = resolve(io.cwd, given);
  if (!existsSync(file)) {
    throw new UserError(`There is no private key ${file}.`, "Give --ssh-key the file of the key.");
  }
  return file;
}
