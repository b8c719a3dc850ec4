import assert from "node:assert/strict";
import { setImmediate as breathe } from "node:timers/promises";
import { ahead } from "../../../../../cli/audit/sources/archive/inFlight.ts";

describe("lists of pages that are read ahead", () => {
  /** Opens lists of three pages, and notes each request for a page. */
  function lists({ failing }: { failing?: string } = {}) {
    const requested: string[] = [];
    async function* open(list: string): AsyncGenerator<string> {
      for (const page of ["1", "2", "3"]) {
        requested.push(list + page);
        await breathe();
        if (list + page === failing) throw new Error(`${failing} failed`);
        yield list + page;
      }
    }
    return { requested, open };
  }

  it("come in order, page by page", async () => {
    const { open, requested } = lists();
    assert.deepEqual(await Array.fromAsync(ahead(2, ["a", "b"], open)), ["a1", "a2", "a3", "b1", "b2", "b3"]);
    assert.equal(requested.length, 6);
  });

  it("have the next page and the first pages of the next lists requested while a page is used", async () => {
    const { open, requested } = lists();
    const pages = ahead(2, ["a", "b", "c", "d"], open);
    assert.equal((await pages.next()).value, "a1");
    await breathe();
    await breathe();
    assert.deepEqual(requested.toSorted().slice(0, 3), ["a1", "a2", "b1"]);
    assert.equal(requested.includes("a3"), false);
    await pages.return(undefined);
  });

  it("fail at a page that fails, after the pages before it", async () => {
    const { open } = lists({ failing: "a2" });
    const pages = ahead(2, ["a"], open);
    assert.equal((await pages.next()).value, "a1");
    await assert.rejects(pages.next(), { message: "a2 failed" });
  });

  it("end quietly if the consumer stops while a page that fails is requested", async () => {
    const { open, requested } = lists({ failing: "a2" });
    for await (const page of ahead(1, ["a"], open)) {
      assert.equal(page, "a1");
      break;
    }
    await breathe();
    assert.deepEqual(requested, ["a1", "a2"]);
  });
});
