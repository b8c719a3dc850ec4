import type { Problem } from "../shared/validate.ts";

/**
 * Checks a name by the rule that Microsoft.Network resources share (azure-docs, resource-name-rules.md).
 * @param longest - 80 for most resources, 64 for virtual networks; less if other names are derived from this one.
 */
export function networkNameProblems(key: string, value: string, longest: number): Problem[] {
  return value.length <= longest && /^[a-z0-9](?:[\w.-]*\w)?$/i.test(value)
    ? []
    : [
        {
          key,
          value,
          reason: `must be at most ${longest} letters, digits, underscores, periods and hyphens, starting with a letter or digit and not ending with a period or hyphen`,
        },
      ];
}

/** Returns the name of the network security group of a network's `AzureBastionSubnet`. */
export function bastionGroupName(networkName: string): string {
  return `${networkName}-bastion-nsg`;
}
