/**
 * Runs `work` on every item, on at most `count` at once. The first error ends it: work that has begun is waited for, and
 * nothing new is begun.
 */
export async function eachAtOnce<Item>(
  count: number,
  items: AsyncGenerator<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    try {
      // A generator that is asked by several at once answers one after the other.
      for (let next = await items.next(); next.done !== true && !isOver(); next = await items.next()) {
        await work(next.value);
      }
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  };
  const isOver = (): boolean => hasFailed;
  const results = await Promise.allSettled(Array.from({ length: count }, worker));
  await items.return(undefined);
  const failure = results.find((result) => result.status === "rejected");
  if (failure !== undefined) {
    throw failure.reason;
  }
}

/** Goes through several lists of pages in order, with the first pages of the next lists already asked for. */
export async function* ahead<Item, Page>(
  count: number,
  items: readonly Item[],
  open: (item: Item) => AsyncGenerator<Page>,
): AsyncGenerator<Page> {
  const opened: { readonly pages: AsyncGenerator<Page>; readonly first: Promise<IteratorResult<Page>> }[] = [];
  const waiting = items.values();
  const fill = (): void => {
    for (const item of opened.length < count ? waiting : []) {
      const pages = open(item);
      const first = pages.next();
      // Its error is thrown when its turn comes, or not at all when another one came before.
      first.catch(() => undefined);
      opened.push({ pages, first });
      if (opened.length >= count) return;
    }
  };
  fill();
  for (let next = opened.shift(); next !== undefined; next = opened.shift()) {
    fill();
    for (let page = await next.first; page.done !== true; page = await next.pages.next()) {
      yield page.value;
    }
    fill();
  }
}
