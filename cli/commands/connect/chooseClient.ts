/** Chooses how to connect to a VM: in the portal, or by a command of the Azure CLI. */
import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { ArmClient } from "../../azure/armClient.ts";
import type { BastionHost } from "../../azure/bastionHosts.ts";
import { isForbidden } from "../../azure/failure.ts";
import { hasEntraLogin, type VirtualMachine } from "../../azure/virtualMachine.ts";
import type { ConnectOptions } from "./options.ts";
import { UserError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { explain } from "../../presentError.ts";
import { extensionProblem, type AzureCli, type Extension } from "./azureCli.ts";
import { localPortProblem } from "./localPort.ts";
import {
  clientMethod,
  nativeClient,
  neededExtensions,
  withoutNativeClient,
  type ClientMethod,
  type Login,
  type NativeClient,
} from "./nativeClient.ts";
import { unusedOptions, type Method } from "./problems.ts";

export interface ClientChoice {
  readonly method: Method;
  /** The call of the Azure CLI; `undefined` for the portal, and if no call is possible. */
  readonly client: NativeClient | undefined;
  readonly problems: readonly UserError[];
}

/** The two config keys of the stack that Bastion's native client requires. */
const nativeClientSettings =
  "The native client requires two settings in the stack's config: bastionSku Standard or Premium, and nativeClient true.";
const portalStep = "Or pass --portal to connect in the portal.";

/** @param azureCli the Azure CLI, or why it cannot be used; `undefined` with `--portal`. */
export async function chooseClient(
  arm: ArmClient,
  { host, vm, port }: { readonly host: BastionHost; readonly vm: VirtualMachine; readonly port: number },
  options: ConnectOptions,
  azureCli: AzureCli | UserError | undefined,
  io: Io,
): Promise<ClientChoice> {
  const { portal, tunnel, username } = options;
  if (azureCli === undefined || portal) {
    return { method: "portal", client: undefined, problems: present([unusedOptions("portal", undefined, options)]) };
  }
  const method = clientMethod(vm, { tunnel, platform: process.platform });
  const login = await loginOf(arm, { vm, method }, options);
  const unused = unusedOptions(method, login, options);
  const reason = withoutNativeClient(host);
  if (reason !== undefined) {
    const problem = new UserError(reason, `${nativeClientSettings} ${portalStep}`);
    return { method, client: undefined, problems: present([problem, unused]) };
  }
  const [, ...sshArguments] = options.operands;
  const cli = cliProblems(azureCli, neededExtensions(method, sshArguments));
  try {
    const sshKey = login === "ssh-key" ? sshKeyOf(options.sshKey, io) : undefined;
    const client = nativeClient(host, vm, { method, port, login, username, sshKey, tunnel, sshArguments });
    const taken = client.localPort === undefined ? undefined : await localPortProblem(client.localPort);
    return { method, client, problems: [...cli, ...present([taken, unused])] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { method, client: undefined, problems: [...cli, ...present([error, unused])] };
  }
}

/** Why the Azure CLI cannot connect. */
function cliProblems(azureCli: AzureCli | UserError, needed: readonly Extension[]): UserError[] {
  const problems =
    azureCli instanceof UserError ? [azureCli] : present([extensionProblem(azureCli, needed), azureCli.signIn]);
  const last = problems.pop();
  return last === undefined ? [] : [...problems, new UserError(last.message, `${last.nextStep} ${portalStep}`)];
}

/** The login method in the options, else the one that the VM is set up for. */
async function loginOf(
  arm: ArmClient,
  { vm, method }: { readonly vm: VirtualMachine; readonly method: ClientMethod },
  { auth, username, sshKey }: ConnectOptions,
): Promise<Login> {
  if (auth !== undefined) {
    return auth;
  }
  if (sshKey !== undefined) {
    return "ssh-key";
  }
  // Entra ID determines the account itself. The login through a tunnel is a matter of its client.
  if (method !== "tunnel" && username === undefined && (await isForEntra(arm, vm))) {
    return "aad";
  }
  return vm.keysOnly ? "ssh-key" : "password";
}

/** @throws `UserError` if the role cannot list the VM's extensions. */
async function isForEntra(arm: ArmClient, { id }: VirtualMachine): Promise<boolean> {
  try {
    return await hasEntraLogin(arm, id);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    const { message, nextStep } = explain(error, "requester");
    throw new UserError(message, `${nextStep} Or choose the login yourself with --auth.`, { cause: error });
  }
}

/** @returns `undefined` if no key is given and none exists under ssh's default names. */
function sshKeyOf(given: string | undefined, io: Io): string | undefined {
  if (given === undefined) {
    const folder = join(io.env.HOME ?? homedir(), ".ssh");
    return ["id_ed25519", "id_ecdsa", "id_rsa"].map((name) => join(folder, name)).find((file) => existsSync(file));
  }
  const file = resolve(io.cwd, given);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile() !== true) {
    const fault = found === undefined ? "does not exist" : "is not a file";
    throw new UserError(`The private key ${file} ${fault}.`, "Pass the key's file as --ssh-key.");
  }
  if (file.endsWith(".pub")) {
    throw new UserError(
      `${file} is a public key.`,
      "Pass the private key as --ssh-key, usually the same name without .pub.",
    );
  }
  return file;
}

function present(problems: readonly (UserError | undefined)[]): UserError[] {
  return problems.filter((problem) => problem !== undefined);
}
