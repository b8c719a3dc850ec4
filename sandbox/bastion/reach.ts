import type { ResourceReader } from "../arm/resource.ts";
import { ArmError } from "../arm/armError.ts";
import { sameId, ownerIdOf } from "../arm/ids.ts";
import { isRunning, powerStateOf } from "../arm/types/compute/powerState.ts";
import { evaluateInbound } from "../arm/types/network/effectiveRules.ts";
import { recordingSasOf } from "./bastionActions.ts";
import { bastionFor, type BastionView } from "./bastionHosts.ts";
import type { SessionBook } from "./sessionBook.ts";
import type { Protocol, Reach, ReachWish, Refusal, Way } from "./sessionModel.ts";
import { findVm, type TargetVm } from "./targetVm.ts";

interface Surroundings {
  readonly store: ResourceReader;
  readonly book: SessionBook;
  readonly now: Date;
}

/** A refusal, with the way to the VM if a rule on it refuses. */
export type Refused = Refusal & { readonly way?: Way };

/**
 * Returns whether Bastion can reach a VM now: checks Bastion's own refusals first, then the rules of the VM's subnet
 * and network interface.
 * @throws ArmError if the VM does not exist, or if no Bastion host reaches it.
 */
export function reachOf(around: Surroundings, wish: ReachWish): Reach | Refused {
  const { store } = around;
  const target = findVm(store, wish.vm);
  const bastion = bastionFor(store, ownerIdOf(target.network.subnetId));
  if (bastion === undefined) {
    throw new ArmError(404, "NoBastionHost", `No Bastion host reaches the virtual network of '${target.vm.name}'.`);
  }
  const protocol = wish.protocol ?? target.protocol;
  const refusal = refusalOf(around, bastion, target, protocol);
  if (refusal !== undefined) return { outcome: "refused", reason: refusal };
  const port = wish.port ?? (protocol === "ssh" ? 22 : 3389);
  const { sourceAddress } = bastion;
  const decision = evaluateInbound({ store, vmId: target.vm.id, sourceAddress, port, protocol: "Tcp" });
  const way = { bastion, target, protocol, port, decision };
  if (decision.allowed) return { ...way, rule: decision.rule?.name };
  const rule = decision.rule?.name ?? "";
  return {
    outcome: "refused",
    reason: `The network security group '${decision.nsgId ?? ""}' does not let ${sourceAddress} reach port ${String(port)} of '${target.vm.name}': rule '${rule}'.`,
    rule,
    ...(decision.nsgId === undefined ? {} : { networkSecurityGroupId: decision.nsgId }),
    way,
  };
}

/** Returns Bastion's own refusal, before any packet is sent. */
function refusalOf(
  { book, now }: Surroundings,
  bastion: BastionView,
  { vm }: TargetVm,
  protocol: Protocol,
): string | undefined {
  const { host } = bastion;
  if (!isRunning(vm)) return `The virtual machine '${vm.name}' is not running (${powerStateOf(vm)}).`;
  if (!bastion.ready) return `The Bastion host '${host.name}' is not provisioned yet.`;
  if (bastion.records && recordingSasOf(host, now) === undefined) {
    return "Cannot connect to session without valid SAS URL"; // Azure's message: bicep-registry-modules #6968
  }
  const open = book.open(host.id);
  const elsewhere = open.find((session) => !sameId(session.vmId, vm.id));
  if (bastion.sku === "Developer" && elsewhere !== undefined) {
    return `The Developer SKU connects to one virtual machine at a time; a session to '${elsewhere.vmId}' is open.`;
  }
  const limit = bastion.limitOf(protocol);
  if (open.filter((session) => session.protocol === protocol).length >= limit) {
    return `The Bastion host '${host.name}' has ${String(limit)} ${protocol} sessions open, as many as its scale units take.`;
  }
  return undefined;
}
