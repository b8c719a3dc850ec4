import { isSameIgnoringCase } from "./ignoringCase.ts";
import { didYouMean } from "./didYouMean.ts";
import { UserError } from "../errors.ts";
import { note, type Io } from "../io.ts";
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import { visible } from "@bastion-trail/core/rules/visible";
import type { Settings } from "../settings/settings.ts";
import type { KnownVm } from "../settings/settingValues.ts";
import type { NamedVm } from "./vmSpelling.ts";

/** Whether a VM has this name, `GROUP/NAME` or ARM id. */
export function isVm({ id, name }: NamedVm, wanted: string): boolean {
  if (wanted.startsWith("/")) return isSameIgnoringCase(id, wanted);
  return isSameIgnoringCase(wanted.includes("/") ? nameInGroup(id, name) : name, wanted);
}

/** `GROUP/NAME` of a VM, as tables show VMs of the same name; `null` if its group is unknown. */
export function nameInGroup(id: string | null, name: string | null): string | null {
  const group = parseResourceId(id ?? "")?.resourceGroupName;
  return group === undefined || name === null ? null : `${group}/${name}`;
}

/** Returns `Did you mean 'web'?`, or an empty text if no VM has a similar name. */
export function similarVm(typed: string, known: readonly NamedVm[]): string {
  return didYouMean(
    typed,
    known.flatMap(({ id, name }) => (typed.startsWith("/") ? id : name) ?? []),
  );
}

/**
 * Suggests a VM of the deployment if none has the typed name. This is not an error, because a log may contain deleted
 * VMs.
 * @param known the VMs of the deployment.
 */
export async function suggestVm(io: Io, typed: string, known: readonly NamedVm[]): Promise<void> {
  const suggestion = known.some((vm) => isVm(vm, typed)) ? "" : similarVm(typed, known);
  if (suggestion !== "") {
    await note(io, visible(`warning: the deployment has no VM '${typed}'. ${suggestion}`));
  }
}

/**
 * The deployment's VMs, for spelling and suggestions. Returns none if the settings cannot be read, because neither is
 * essential.
 */
export async function vmsInSettings(settings: Settings): Promise<readonly KnownVm[]> {
  try {
    return (await settings.find("vms")) ?? [];
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
