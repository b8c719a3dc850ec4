/** Plans a call of `connect` and collects its problems. Opens nothing. */
import type { ArmClient } from "../../azure/armClient.ts";
import { readBastionHost, type BastionHost } from "../../azure/bastionHosts.ts";
import { tenantOf } from "../../azure/caller.ts";
import { AzureFailure } from "../../azure/failure.ts";
import type { JitPort } from "../../azure/jitPolicies.ts";
import { readSubnet } from "../../azure/subnets.ts";
import { readVirtualMachine, type VirtualMachine } from "../../azure/virtualMachine.ts";
import { subscriptionOf } from "@bastion-trail/core/links/resourceId";
import { rdpPort, sshPort } from "@bastion-trail/core/rules/managementPorts";
import { resourceLink } from "@bastion-trail/core/links/portal";
import type { ArmAccess } from "../../armAccess.ts";
import type { ConnectOptions } from "./options.ts";
import { UserError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { readPolicies } from "../../jit/readPolicies.ts";
import { targetsOf, type JitTarget } from "../../jit/targets.ts";
import { tellOdd } from "../../tellOdd.ts";
import { planAccess, type AccessPlan } from "./access.ts";
import { findAzureCli, type AzureCli } from "./azureCli.ts";
import { chooseClient, type ClientChoice } from "./chooseClient.ts";
import { accessProblem, hostProblem, sourceProblem, vmProblem } from "./problems.ts";

export interface Plan extends ClientChoice {
  /** The target with the one port to connect to. */
  readonly target: JitTarget;
  readonly port: number;
  readonly access: AccessPlan;
  /** `undefined` with `--portal`, and if it cannot be used. */
  readonly azureCli: AzureCli | undefined;
  /** The VM's page in the portal. */
  readonly link: string;
  /** All problems that prevent the call. */
  readonly problems: readonly UserError[];
}

/**
 * @throws `UserError` for a VM without a policy, a port missing from the policy, or a duration that it does not allow.
 */
export async function planConnection(azure: ArmAccess, options: ConnectOptions, io: Io): Promise<Plan> {
  const { arm, cloud, settings } = azure;
  const [name = ""] = options.operands;
  const bastionHostId = await settings.need("bastionHostId");
  const subscriptionId = subscriptionOf(bastionHostId) ?? "";
  const [host, { policies, odd }, azureCli] = await Promise.all([
    readBastionHost(arm, bastionHostId),
    readPolicies(azure, options, io),
    options.portal ? undefined : findAzureCli(io, subscriptionId).catch(userError),
  ]);
  await tellOdd(io, odd);
  const [found] = await targetsOf(settings, policies, [name], options.port);
  if (found === undefined) {
    throw new UserError("No VM given.", "Pass its name, GROUP/NAME or ARM id.");
  }
  const vm = await readVirtualMachine(arm, found.vm.id);
  const port = portOf(found, vm);
  const target = { ...found, vm: { ...found.vm, name: vm.name }, ports: [port] };
  const reason = options.reason?.trim();
  const [access, choice, ranges, tenantId] = await Promise.all([
    planAccess(arm, policies, target, { ride: options.ride, length: options.for, reason }),
    chooseClient(arm, { host, vm, port: port.number }, options, azureCli, io),
    rangesOf(arm, host),
    settings.find("tenantId"),
  ]);
  const further = [
    hostProblem(host),
    vmProblem(vm),
    // A grant that is used has opened the port already, perhaps by another policy.
    access.grant === undefined ? sourceProblem(host, ranges, target) : undefined,
    accessProblem(access, target, options),
  ].filter((one) => one !== undefined);
  return {
    ...choice,
    target,
    port: port.number,
    access,
    azureCli: azureCli instanceof UserError ? undefined : azureCli,
    link: resourceLink({ tenantId: tenantId ?? tenantOf(await arm.token()) ?? "", portal: cloud.portal }, vm.id),
    problems: [...choice.problems, ...further],
  };
}

/** The ranges of the host's subnet; none if it has no subnet, or it cannot be read. */
async function rangesOf(arm: ArmClient, { subnetId }: BastionHost): Promise<readonly string[]> {
  try {
    return subnetId === null ? [] : (await readSubnet(arm, subnetId)).prefixes;
  } catch (error) {
    if (error instanceof AzureFailure) return [];
    throw error;
  }
}

/** The default port of the VM's protocol, or the policy's only port. */
function portOf({ ports, vm: { name } }: JitTarget, { os }: VirtualMachine): JitPort {
  const usual = os === "windows" ? rdpPort : sshPort;
  const port = ports.find(({ number }) => number === usual) ?? (ports.length === 1 ? ports[0] : undefined);
  if (port === undefined) {
    const others = ports.map(({ number }) => number).join(", ");
    throw new UserError(
      `The JIT policy of ${name} includes the ports ${others}, but not ${usual}.`,
      "Choose one with --port NUMBER.",
    );
  }
  return port;
}

function userError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}
