/**
 * Lends buffers for as long as a blob is read. V8 collects buffers late: if each blob had one of its own, tens of megabytes of
 * them would wait to be collected.
 */
export class BufferPool {
  readonly #free: Buffer[] = [];

  /** Calls `use` with a buffer of `size` bytes, whose content is arbitrary. It is lent again once `use` has settled. */
  async lend<Result>(size: number, use: (buffer: Buffer) => Promise<Result>): Promise<Result> {
    const free = this.#free.pop();
    const buffer = free !== undefined && free.length >= size ? free : Buffer.allocUnsafeSlow(roomFor(size));
    try {
      return await use(buffer.subarray(0, size));
    } finally {
      this.#free.push(buffer);
    }
  }
}

/** Blobs of one archive have similar sizes. With room to spare, a buffer fits most of them. */
function roomFor(size: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(size, 64 * 1024)));
}
