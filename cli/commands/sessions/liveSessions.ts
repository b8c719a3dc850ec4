/** The open sessions, and the VMs of the same subscription. */
import { activeSessions, type ActiveSession } from "../../azure/activeSessions.ts";
import type { ArmClient } from "../../azure/armClient.ts";
import { AzureFailure } from "../../azure/failure.ts";
import { listVirtualMachines, type ListedVm } from "../../azure/virtualMachine.ts";
import { subscriptionOf } from "@bastion-trail/core/links/resourceId";
import { vmSpelling } from "../../names/vmSpelling.ts";

export interface LiveSessions {
  /** Oldest first, with VMs in Azure's own spelling. */
  readonly sessions: readonly ActiveSession[];
  /** The VMs of the Bastion host's subscription; empty if the caller cannot list them. */
  readonly vms: readonly Pick<ListedVm, "id" | "name">[];
  /** An error for each session of an unexpected form, which is left out. */
  readonly odd: readonly AzureFailure[];
}

/** @throws ArmError, e.g. if the caller lacks `Microsoft.Network/bastionHosts/getActiveSessions/action`. */
export async function readLiveSessions(arm: ArmClient, bastionHostId: string): Promise<LiveSessions> {
  const odd: AzureFailure[] = [];
  const [sessions, vms] = await Promise.all([
    activeSessions(arm, bastionHostId, (error) => odd.push(error)),
    listedVms(arm, bastionHostId),
  ]);
  const spell = vmSpelling(vms);
  return {
    vms,
    odd,
    sessions: sessions.map((session) => {
      const { id, name } = spell({ id: session.vm, name: session.vmName });
      return { ...session, vm: id, vmName: name };
    }),
  };
}

/** Lists the VMs. Returns none if Azure refuses, because only the spelling of names depends on the list. */
async function listedVms(arm: ArmClient, bastionHostId: string): Promise<LiveSessions["vms"]> {
  const subscriptionId = subscriptionOf(bastionHostId);
  try {
    return subscriptionId === undefined ? [] : await listVirtualMachines(arm, subscriptionId);
  } catch (error) {
    if (error instanceof AzureFailure) return [];
    throw error;
  }
}
