/** Names of a virtual machine and of its JIT policy. Sources: "Naming rules and restrictions for Azure resources"; facts of JIT. */
import type { Problem } from "./validate.ts";
import { VmOs } from "./vmOs.ts";

/** A Windows computer name is a NetBIOS name: at most 15 characters. */
const longestWindowsName = 15;
const longestLinuxName = 64;
/** Defender for Cloud builds its rule descriptions from both names; together they may have this many characters. */
const longestPolicyAndVmName = 56;

/**
 * Name of the JIT policy of one machine. Each machine has its own policy, never `default`: a PUT replaces a policy's whole
 * list of machines, and everybody shares `default`.
 */
export function jitPolicyName(vmName: string): string {
  return `${vmName}-jit`;
}

/** Why Azure would refuse a machine with this name. */
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
