/**
 * Lets the rules of problems.ts check a config with malformed values too, so that one run reports every error: each
 * malformed value is replaced by a stand-in, and problems that result from a stand-in are omitted.
 */
import { BastionSku } from "@bastion-trail/components/bastion-host/bastionSku";

/** Path of a malformed value: the key, then list indexes and property names. */
export type Path = readonly (string | number)[];

/** Values that no rule refuses, for keys without a default and for keys whose default would make a rule refuse other keys. */
const standIns: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["location", "westeurope"],
  // Without a range, no subnet is outside of it.
  ["addressSpace", []],
  ["bastionSku", BastionSku.Premium],
]);

/** Keys that cannot be checked while another key is malformed. */
const judgedBy: ReadonlyMap<string | number, readonly string[]> = new Map([
  ["hubStack", ["existingVmSubnetId"]],
  ["immutability", ["archiveRetentionDays", "immutabilityDays"]],
  ["vms", ["passwordVaultId"]],
]);
/** The same for the properties of a VM. */
const judgedInVm: ReadonlyMap<string | number, readonly string[]> = new Map([
  ["os", ["name", "image", "login", "adminUsername", "sshPublicKey"]],
  ["login", ["adminUsername", "sshPublicKey"]],
]);

/** Returns a copy of the decoded config in which malformed values are replaced by stand-ins or defaults. */
export function repaired(
  config: Readonly<Record<string, unknown>>,
  malformed: readonly Path[],
): Record<string, unknown> {
  const copy: Record<string, unknown> = structuredClone(config);
  for (const [top, index, member] of malformed) {
    const list: unknown = copy.vms;
    if (top === "vms" && typeof index === "number" && Array.isArray(list)) {
      list[index] = repairedVm(list[index], index, member);
    } else if (typeof top === "string") {
      copy[top] = standIns.get(top);
    }
  }
  return Object.fromEntries(Object.entries(copy).filter(([, value]) => value !== undefined));
}

function repairedVm(entry: unknown, index: number, member: string | number | undefined): Record<string, unknown> {
  const name = `stand-in-${index}`;
  if (typeof entry !== "object" || entry === null || member === undefined) return { name };
  const rest = Object.fromEntries(Object.entries(entry).filter(([key]) => key !== member));
  return member === "name" ? { ...rest, name } : rest;
}

/** Whether a problem of `key` may exist only because a malformed value has a stand-in. */
export function restsOnStandIn(key: string, malformed: readonly Path[]): boolean {
  return malformed.some(([top = "", index, member]) => {
    if (key === top || (judgedBy.get(top) ?? []).includes(key)) return true;
    if (top !== "vms" || index === undefined) return false;
    const vm = `vms[${index}].`;
    if (!key.startsWith(vm)) return false;
    if (member === undefined) return true;
    return [member, ...(judgedInVm.get(member) ?? [])].some((property) => isWithin(key, `${vm}${property}`));
  });
}

function isWithin(key: string, whole: string): boolean {
  return key === whole || key.startsWith(`${whole}[`);
}

/** Returns a path as text: `vms[3].jitPorts[0]`. */
export function keyOf(path: Path): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
}
