import { AzureFailure } from "../azure/failure.ts";
import { listJitPolicies, type JitPolicy } from "../azure/jitPolicies.ts";
import { listVirtualMachines } from "../azure/virtualMachine.ts";
import type { ArmAccess } from "../armAccess.ts";
import type { Io } from "../io.ts";
import { rememberNames } from "../seenNames.ts";
import type { SettingsFlags } from "../settings/settingValues.ts";
import { vmSpelling, type NamedVm } from "../names/vmSpelling.ts";

/**
 * Reads the JIT policies of the subscription, with the names of VMs in Azure's spelling. VM ids stay as in the policy,
 * because requests must repeat them verbatim.
 * @returns `odd`: an error for each policy of an unexpected form, which is left out.
 * @throws ArmError, e.g. if the caller lacks `Microsoft.Security/locations/jitNetworkAccessPolicies/read`.
 */
export async function readPolicies(
  { arm, settings }: ArmAccess,
  flags: SettingsFlags,
  io: Io,
): Promise<{ readonly policies: readonly JitPolicy[]; readonly odd: readonly AzureFailure[] }> {
  const odd: AzureFailure[] = [];
  const subscriptionId = await settings.need("subscriptionId");
  const [policies, spell] = await Promise.all([
    listJitPolicies(arm, subscriptionId, (error) => odd.push(error)),
    listVirtualMachines(arm, subscriptionId).then(vmSpelling).catch(asWritten),
  ]);
  const spelled = policies.map((policy) => ({
    ...policy,
    vms: policy.vms.map((vm) => ({ ...vm, name: spell({ id: vm.id, name: vm.name }).name })),
  }));
  const names = spelled.flatMap(({ vms }) => vms.map(({ name }) => ({ name, hint: "" })));
  await rememberNames("vm", names, flags, io);
  return { policies: spelled, odd };
}

/** Keeps the spelling if the VMs cannot be listed, because nothing else depends on the list. */
function asWritten(error: unknown): <Vm extends NamedVm>(vm: Vm) => Vm {
  if (error instanceof AzureFailure) return (vm) => vm;
  throw error;
}
