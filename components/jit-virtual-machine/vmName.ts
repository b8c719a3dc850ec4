/** Names of a VM and of its JIT policy. Sources: "Naming rules and restrictions for Azure resources"; facts of JIT. */
import type { Problem } from "../shared/validate.ts";
import { membersOf } from "../shared/hookInputs.ts";
import { reservedNameFault } from "../shared/reservedName.ts";
import { VmOs } from "./vmOs.ts";

/** A Windows computer name is a NetBIOS name: at most 15 characters. */
const longestWindowsName = 15;
const longestLinuxName = 64;
/** Defender for Cloud builds its rule descriptions from both names, which together can have this many characters. */
const longestPolicyAndVmName = 56;

/**
 * Returns the name of the JIT policy of one VM. Each VM has its own policy, never `default`: a PUT replaces a policy's
 * whole list of VMs, and everybody shares `default`.
 */
export function jitPolicyName(vmName: string): string {
  return `${vmName}-jit`;
}

/** Returns the name of a VM's own network security group. */
export function vmGroupName(vmName: string): string {
  return `${vmName}-nsg`;
}

/**
 * Returns every VM whose new name differs from its old one only in case.
 * @param before, after - lists of `{name}`, as recorded by a component; anything else is not compared.
 */
export function renamedByCase(before: unknown, after: unknown): Problem[] {
  const old = new Map(namesIn(before).map((name) => [name.toLowerCase(), name]));
  return namesIn(after).flatMap((name, index) => {
    const was = old.get(name.toLowerCase());
    return was === undefined || was === name
      ? []
      : [
          {
            key: `vms[${index}].name`,
            value: name,
            reason: `it was ${was}, and Azure does not distinguish the two; keep ${was}, or remove the VM before adding it again`,
          },
        ];
  });
}

function namesIn(vms: unknown): string[] {
  return Object.values(membersOf(vms)).flatMap((vm) => {
    const { name } = membersOf(vm);
    return typeof name === "string" ? [name] : [];
  });
}

/** Returns why Azure would refuse a VM with this name. */
export function vmNameProblems(os: VmOs, name: string): Problem[] {
  const problem = (reason: string): Problem[] => [{ key: "name", value: name, reason }];
  const longest = os === VmOs.Windows ? longestWindowsName : longestLinuxName;
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(name)) {
    return problem("must be letters, digits and hyphens, starting and ending with a letter or digit");
  }
  if (name.length > longest) {
    return problem(`has ${name.length} characters; a ${os} computer name has at most ${longest}`);
  }
  if (os === VmOs.Windows && /^\d+$/.test(name)) {
    return problem("a windows computer name cannot consist only of digits");
  }
  const reserved = reservedNameFault(name);
  if (reserved !== undefined) return problem(reserved);
  const together = jitPolicyName(name).length + name.length;
  if (together > longestPolicyAndVmName) {
    const room = Math.floor((longestPolicyAndVmName - jitPolicyName("").length) / 2);
    return problem(
      `too long: VM name and JIT policy name (${jitPolicyName(name)}) have ${together} characters together, and Defender for Cloud ` +
        `allows ${longestPolicyAndVmName}; a VM name has at most ${room}`,
    );
  }
  return [];
}
