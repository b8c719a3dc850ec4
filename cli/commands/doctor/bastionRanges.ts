import type { CheckContext } from "./check.ts";

/** Address ranges of the Bastion hosts' subnets, as far as they can be read. A Developer host has no subnet. */
export async function bastionRangesOf({ inventory, attempt }: CheckContext): Promise<string[]> {
  const hosts = (await attempt(() => inventory.hosts())) ?? [];
  const subnets = await Promise.all(
    hosts.flatMap(({ subnetId }) => (subnetId === null ? [] : [attempt(() => inventory.subnet(subnetId))])),
  );
  return subnets.flatMap((subnet) => subnet?.prefixes ?? []);
}
