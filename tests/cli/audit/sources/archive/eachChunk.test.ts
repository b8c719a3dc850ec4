import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { eachChunk } from "../../../../../cli/audit/sources/archive/eachChunk.ts";

describe("the chunks of a stream", () => {
  const parts = ["one", "two", "three"];
  const stream = (): Readable => Readable.from(parts.map((part) => Buffer.from(part)));

  /** A stream that breaks after its first chunk. */
  const broken = (): Readable =>
    Readable.from(
      (function* () {
        yield Buffer.from("one");
        throw new Error("the connection broke");
      })(),
    );

  it("are passed on in order", async () => {
    const seen: string[] = [];
    await eachChunk(stream(), (chunk) => {
      seen.push(chunk.toString());
    });
    assert.deepEqual(seen, parts);
  });

  it("wait for one another, and the end waits for the last one", async () => {
    const seen: string[] = [];
    await eachChunk(stream(), async (chunk) => {
      seen.push(`${chunk.toString()} begins`);
      await wait(5);
      seen.push(`${chunk.toString()} ends`);
    });
    assert.deepEqual(
      seen,
      parts.flatMap((part) => [`${part} begins`, `${part} ends`]),
    );
  });

  it("are none for an empty stream", async () => {
    await eachChunk(Readable.from([]), () => assert.fail());
  });

  it("fail with the stream's error, after the use of the chunks before it has ended", async () => {
    const seen: string[] = [];
    const passed = eachChunk(broken(), async (chunk) => {
      await wait(20);
      seen.push(chunk.toString());
    });
    await assert.rejects(passed, { message: "the connection broke" });
    assert.deepEqual(seen, ["one"]);
  });

  it("fail if the stream is closed before its end", async () => {
    const endless = new Readable({ read: () => undefined });
    const passed = eachChunk(endless, () => undefined);
    endless.push("one");
    endless.destroy();
    await assert.rejects(passed, { code: "ERR_STREAM_PREMATURE_CLOSE" });
  });

  for (const [how, use] of [
    [
      "at once",
      () => {
        throw new Error("no space");
      },
    ],
    ["later", () => Promise.reject(new Error("no space"))],
  ] as const) {
    it(`fail with the error of their use that fails ${how}, and the stream is closed`, async () => {
      const source = stream();
      await assert.rejects(eachChunk(source, use), { message: "no space" });
      assert.equal(source.destroyed, true);
    });
  }
});
