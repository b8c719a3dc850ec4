/** The problems that prevent a connection. All of them are found before anything is opened. */
import type { ConnectOptions } from "./options.ts";
import type { BastionHost } from "../../azure/bastionHosts.ts";
import type { VirtualMachine } from "../../azure/virtualMachine.ts";
import { asOne, UserError } from "../../errors.ts";
import { emptyReason } from "../../reason.ts";
import { meets, rangeOf } from "../../rules/addressRanges.ts";
import { shownRequestor } from "../../jit/requestor.ts";
import type { JitTarget } from "../../jit/targets.ts";
import { formatTime } from "../../time.ts";
import type { AccessPlan } from "./access.ts";
import type { ClientMethod, Login } from "./nativeClient.ts";

/** How to connect: by a command of the Azure CLI, or in the portal. */
export type Method = ClientMethod | "portal";

/** @throws `UserError` with all contradictory options. */
export function checkOptions({ ride, portal, tunnel, reason, ...options }: ConnectOptions): void {
  const problem = asOne([
    ...(ride && options.for !== undefined
      ? [new UserError("--for and --ride cannot be combined: --ride makes no request.", "Leave out --for or --ride.")]
      : []),
    ...(portal && tunnel !== undefined
      ? [new UserError("--portal and --tunnel cannot be combined.", "Leave out --portal or --tunnel.")]
      : []),
    ...(reason?.trim() === "" ? [emptyReason("State why access is needed.")] : []),
  ]);
  if (problem !== undefined) {
    throw problem;
  }
}

/** Reports options that have no effect with a method. */
export function unusedOptions(
  method: Method,
  login: Login | undefined,
  { auth, username, sshKey, operands }: ConnectOptions,
): UserError | undefined {
  const hasLogin = method === "ssh" || (method === "rdp" && auth !== "ssh-key");
  const unused = [
    ...(auth !== undefined && !hasLogin ? ["--auth"] : []),
    ...(username !== undefined && (method !== "ssh" || login === "aad") ? ["--username"] : []),
    ...(sshKey !== undefined && (method !== "ssh" || login !== "ssh-key") ? ["--ssh-key"] : []),
    ...(operands.length > 1 && method !== "ssh" ? ["the words after --"] : []),
  ];
  if (unused.length === 0) {
    return undefined;
  }
  const how = method === "ssh" ? `an SSH login with --auth ${login}` : methodNames[method];
  return new UserError(`${unused.join(", ")} cannot be used with ${how}.`, "Leave out what does not apply.");
}

const methodNames = { rdp: "RDP", tunnel: "a tunnel", portal: "the portal" } as const;

/** Reports a Bastion host that is being deleted. A failed update is no problem: the host may still work. */
export function hostProblem({ name, state }: Pick<BastionHost, "name" | "state">): UserError | undefined {
  return state.toLowerCase() === "deleting"
    ? new UserError(
        `The Bastion host ${name} is being deleted.`,
        "Pass another one as --bastion, or deploy it again when it is gone.",
      )
    : undefined;
}

/**
 * Reports a host that the port cannot be opened to: with several hosts, each reaches only the VMs of its own networks. A source that
 * is a name is no problem, because its addresses are not known.
 * @param ranges of the host's subnet; none if they are not known.
 */
export function sourceProblem(
  { name }: Pick<BastionHost, "name">,
  ranges: readonly string[],
  { policy, vm, ports }: JitTarget,
): UserError | undefined {
  const own = ranges.flatMap((range) => rangeOf(range) ?? []);
  const mayBeOwn = (source: string): boolean => {
    const range = rangeOf(source);
    return range === undefined || own.some((one) => meets(one, range));
  };
  const shut = ports.find(({ sources }) => own.length > 0 && sources.length > 0 && !sources.some(mayBeOwn));
  return shut === undefined
    ? undefined
    : new UserError(
        `The JIT policy ${policy.name} opens port ${shut.number} of ${vm.name} only to ${shut.sources.join(", ")}, and the Bastion host ${name} connects from ${ranges.join(", ")}.`,
        "Pass the VM's own Bastion host as --bastion, or add that range to the policy.",
      );
}

/** Power states in which nothing can connect to a VM (Learn, "States and billing status of Azure Virtual Machines"). */
const offStates = ["stopping", "stopped", "deallocating", "deallocated"];

/** Reports a VM that is not there yet, is about to go, or does not run. A state that Azure does not tell is no problem. */
export function vmProblem({ id, name, power, state }: VirtualMachine): UserError | undefined {
  if (state === "deleting") {
    return new UserError(`${name} is being deleted.`, "Choose another VM: `bastion-trail jit ls` lists them.");
  }
  if (state === "creating") {
    return new UserError(
      `${name} is still being created.`,
      `Run \`az vm wait --created --ids ${id}\`, and connect again.`,
    );
  }
  return power !== null && offStates.includes(power)
    ? new UserError(`${name} does not run: it is ${power}.`, `Run \`az vm start --ids ${id}\`.`)
    : undefined;
}

/** Reports that there is no grant to use, and no reason for a request. */
export function accessProblem(
  { grant, grants }: AccessPlan,
  { vm, ports }: JitTarget,
  { ride, reason, local }: ConnectOptions,
): UserError | undefined {
  if (grant !== undefined || (!ride && reason !== undefined)) {
    return undefined;
  }
  const port = `${vm.name}:${ports.map(({ number }) => number).join(",")}`;
  if (ride) {
    return new UserError(
      `No active request for ${port}.`,
      'Leave out --ride and pass --reason "..." to request access.',
    );
  }
  const own = grants.find(({ isOwn }) => isOwn);
  if (own !== undefined) {
    const message = `Your request for ${port} ends at ${formatTime(own.end, { local })}, before what --for asks.`;
    return new UserError(message, 'Pass --reason "..." to request more time, or leave out --for.');
  }
  const [other] = grants;
  return other === undefined
    ? new UserError(`No active request for ${port}.`, 'Pass --reason "..." to request access.')
    : new UserError(
        `No active request of yours for ${port}; ${shownRequestor(other)} has one until ${formatTime(other.end, { local })}.`,
        'Pass --reason "..." to request access, or --ride to use that one.',
      );
}
