/** The source address of a request for access through Bastion: the range of the Bastion subnet. */
import type { ArmClient } from "../azure/armClient.ts";
import { readBastionHost } from "../azure/bastionHosts.ts";
import type { JitPort } from "../azure/jitPolicies.ts";
import { readSubnet } from "../azure/subnets.ts";
import { UserError } from "../errors.ts";
import type { Settings } from "../settings/settings.ts";

/** Returns the ranges of the Bastion subnet, read on the first call. */
export type BastionRanges = () => Promise<readonly string[]>;

export function bastionRanges(arm: ArmClient, settings: Settings): BastionRanges {
  let read: Promise<readonly string[]> | undefined;
  return () => (read ??= rangesOf(arm, settings));
}

/**
 * Returns the source to request. The policy's source is used verbatim: users report that Azure refuses any other
 * (azure-docs #53026). If the policy allows several sources or any, the source is the range of the Bastion subnet.
 * @throws `UserError` if the policy does not allow that range.
 */
export async function bastionSource(
  { sources, number }: JitPort,
  vmName: string,
  ranges: BastionRanges,
): Promise<string> {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0 && isRange(only)) {
    return only;
  }
  const own = await ranges();
  const source = own.find((range) => sources.includes(range) || sources.some((allowed) => !isRange(allowed)));
  if (source === undefined) {
    throw new UserError(
      `The JIT policy allows ${sources.join(", ") || "no source"} for port ${number} of ${vmName}, but not the Bastion subnet (${own.join(", ")}).`,
      "Add the range of the Bastion subnet to the policy.",
    );
  }
  return source;
}

async function rangesOf(arm: ArmClient, settings: Settings): Promise<readonly string[]> {
  const { name, subnetId } = await readBastionHost(arm, await settings.need("bastionHostId"));
  if (subnetId === null) {
    throw new UserError(
      `The Bastion host ${name} has no subnet of its own (Developer SKU), so the source of the request is unknown.`,
      "Set a single source in the JIT policy.",
    );
  }
  return (await readSubnet(arm, subnetId)).prefixes;
}

/** Whether a source is neither `*` nor a service tag. */
function isRange(source: string): boolean {
  return /^[\d.]+(\/\d+)?$|:/.test(source);
}
