import * as pulumi from "@pulumi/pulumi";

/**
 * How many items may wait for the engine at a time. Far more than the engine works on in parallel (four for each
 * processor), so that it is never idle.
 */
const ahead = 100;

/**
 * Registers the resources of many items, limiting how far registration is ahead of the engine.
 *
 * Pulumi's SDK keeps megabytes of promises for each resource until the engine has answered. A program that registers
 * thousands at once spends its time on garbage collection, and runs out of memory before Azure has created them.
 *
 * @param items - the items to register resources for.
 * @param make - registers the resources of one item.
 * @param last - returns an output of the last resource that `make` registers.
 * @returns the results of `make`, in the order of the items; rejects if a resource that it waits for fails.
 */
export async function inTurn<Item, Made>(
  items: readonly Item[],
  make: (item: Item) => Made,
  last: (made: Made) => pulumi.Output<unknown>,
): Promise<Made[]> {
  const all: Made[] = [];
  for (const item of items) {
    const earlier = all.at(-ahead);
    if (earlier !== undefined) {
      // Whether an output is secret is known once the engine has answered, even in a preview, where its value stays
      // unknown.
      await pulumi.isSecret(last(earlier));
    }
    all.push(make(item));
  }
  return all;
}
