import * as pulumi from "@pulumi/pulumi";

/**
 * How many may wait for the engine at a time. Far more than it works on in parallel (four for each processor), so that it is
 * never idle for want of them.
 */
const ahead = 100;

/**
 * Registers many of a kind, only so many ahead of the engine.
 *
 * Pulumi's SDK keeps megabytes of promises for each resource until the engine has answered for it. A program that registers
 * thousands in one go spends its time collecting garbage, and runs out of memory before Azure has made them.
 *
 * @param items - what to make one of each from.
 * @param make - registers the resources of one item.
 * @param last - an output of the resource that is registered last of those that `make` registers.
 * @returns what `make` returned, in the order of the items; rejects when a resource that it waits for fails.
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
      // Whether an output is secret is known once the engine has answered, also in a preview, where its value stays unknown.
      await pulumi.isSecret(last(earlier));
    }
    all.push(make(item));
  }
  return all;
}
