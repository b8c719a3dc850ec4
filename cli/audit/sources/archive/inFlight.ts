/** Runs several requests to the archive at once. */
import pMap, { pMapIterable } from "p-map";

/**
 * Runs `work` on every item, at most `count` at once. The first error ends it: nothing new is started, and work in progress is
 * awaited.
 */
export async function eachAtOnce<Item>(
  count: number,
  items: AsyncGenerator<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const begun = new Set<Promise<void>>();
  const track = async (item: Item): Promise<void> => {
    const done = work(item);
    begun.add(done);
    await done.finally(() => begun.delete(done));
  };
  try {
    await pMap(items, track, { concurrency: count });
  } finally {
    await Promise.allSettled(begun);
    await items.return(undefined);
  }
}

/**
 * Iterates over several lists of pages in order. While a page is used, the list's next page and the first pages of the next lists
 * are already requested.
 */
export async function* ahead<Item, Page>(
  count: number,
  items: readonly Item[],
  open: (item: Item) => AsyncGenerator<Page>,
): AsyncGenerator<Page> {
  const begin = async (item: Item) => {
    const pages = open(item);
    return { pages, first: await pages.next() };
  };
  for await (const { pages, first } of pMapIterable(items, begin, { concurrency: count, backpressure: count })) {
    for (let page = first; page.done !== true;) {
      const next = pages.next();
      // It is awaited below, unless the consumer stops first. Then its error is of no interest.
      next.catch(() => undefined);
      yield page.value;
      page = await next;
    }
  }
}
