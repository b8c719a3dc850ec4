import assert from "node:assert/strict";
import { BufferPool } from "../../../../../cli/audit/sources/archive/bufferPool.ts";

describe("a pool of buffers", () => {
  /** Returns the memory of a buffer of `size` bytes that is lent until `until` settles. */
  const borrow = (pool: BufferPool, size: number, until: Promise<void> = Promise.resolve()): Promise<ArrayBufferLike> =>
    pool.lend(size, async (buffer) => {
      assert.equal(buffer.length, size);
      await until;
      return buffer.buffer;
    });

  it("lends the same memory again", async () => {
    const pool = new BufferPool();
    const first = await borrow(pool, 100_000);
    assert.equal(await borrow(pool, 120_000), first);
    assert.equal(await borrow(pool, 0), first);
  });

  it("lends it to one reader at a time", async () => {
    const pool = new BufferPool();
    const { promise: end, resolve } = Promise.withResolvers<undefined>();
    const one = borrow(pool, 1000, end);
    const other = await borrow(pool, 1000);
    resolve(undefined);
    assert.notEqual(await one, other);
  });

  it("takes it back from a read that failed", async () => {
    const pool = new BufferPool();
    const first = await borrow(pool, 1000);
    await assert.rejects(borrow(pool, 1000, Promise.reject(new Error("interrupted"))), { message: "interrupted" });
    assert.equal(await borrow(pool, 1000), first);
  });

  it("lends more memory to a reader that needs it", async () => {
    const pool = new BufferPool();
    await borrow(pool, 1000);
    const bigger = await borrow(pool, 4 * 1024 * 1024);
    assert.equal(bigger.byteLength, 4 * 1024 * 1024);
    assert.equal(await borrow(pool, 1000), bigger);
  });
});
