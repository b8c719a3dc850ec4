import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { Found, LogFile } from "../../../../cli/audit/store/normalise.ts";
import { Store, type SegmentWriter } from "../../../../cli/audit/store/store.ts";
import { LogFolder } from "../auditLines.ts";

const found: Found = { records: 1, unreadable: [], besides: [] };

/** Files of which each fills a segment. */
const files = ["a", "b", "c", "d", "e"].map((name) => ({
  path: name,
  name,
  isGrowing: false,
  bytes: 64 * 1024 * 1024,
  stamp: "1",
}));

/** Writes one byte for each segment, and notes what it is asked for. */
class Writer implements SegmentWriter {
  readonly log = "test";
  readonly targets: string[] = [];
  #running = 0;
  mostRunning = 0;

  readonly #broken: string;

  constructor(broken: string) {
    this.#broken = broken;
  }

  async write(written: readonly LogFile[], target: string): Promise<Found> {
    this.targets.push(target);
    this.#running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.#running);
    const isBroken = written.some(({ name }) => name === this.#broken);
    await wait(isBroken ? 1 : 20);
    if (isBroken) throw new Error("No space left on device.");
    writeFileSync(target, "x");
    this.#running -= 1;
    return found;
  }
}

describe("segments of the evidence store", () => {
  let kept: LogFolder;
  beforeEach(() => {
    kept = new LogFolder();
  });
  afterEach(() => {
    kept[Symbol.dispose]();
  });

  it("are written two at a time, and returned in the order of their files", async () => {
    const writer = new Writer("none");
    const store = await Store.open({ cacheDir: kept.path, of: "logs" }, writer);
    const progress: number[] = [];
    const segments = await store.segments(files, (done) => progress.push(done));
    assert.equal(writer.mostRunning, 2);
    assert.deepEqual(
      segments.map(({ sources }) => sources.map(({ name }) => name)),
      [["a"], ["b"], ["c"], ["d"], ["e"]],
    );
    assert.deepEqual(progress, [1, 2, 3, 4, 5]);
  });

  it("are not written any more once one cannot be written", async () => {
    const writer = new Writer("b");
    const store = await Store.open({ cacheDir: kept.path, of: "logs" }, writer);
    await assert.rejects(store.segments(files), { message: "No space left on device." });
    assert.equal(writer.targets.length, 2);
    // It has its name in the store.
    assert.deepEqual(writer.targets.map(existsSync), [false, false]);
    const again = new Writer("none");
    await (await Store.open({ cacheDir: kept.path, of: "logs" }, again)).segments(files);
    assert.equal(again.targets.length, 4);
  });
});
