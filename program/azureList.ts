import type { ArmClient } from "@bastion-trail/components/shared/armClient";

/** Returns the items of a list in Azure; none if it cannot be read. */
export async function list<Item>(arm: ArmClient, path: string): Promise<readonly Item[]> {
  const answer = await arm.send("GET", path).catch(() => undefined);
  return (answer as { readonly value?: readonly Item[] } | undefined)?.value ?? [];
}
