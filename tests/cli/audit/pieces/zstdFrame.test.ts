import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { constants, zstdCompressSync } from "node:zlib";
import { isWholeZstdFrame } from "../../../../cli/audit/pieces/zstdFrame.ts";
import { LogFolder } from "../auditLines.ts";

const contents: readonly (readonly [string, Buffer])[] = [
  ["nothing", Buffer.alloc(0)],
  ["one line", Buffer.from("{}\n")],
  ["one byte, repeated", Buffer.alloc(300_000, "x")],
  ["what cannot be compressed", randomBytes(300_000)],
  ["a log", Buffer.from(Array.from({ length: 9000 }, (_, line) => `{"line":${line}}\n`).join(""))],
];

describe("a Zstandard frame", () => {
  let folder: LogFolder;

  beforeEach(() => {
    folder = new LogFolder();
  });
  afterEach(() => {
    folder[Symbol.dispose]();
  });

  for (const [what, content] of contents) {
    for (const checksum of [0, 1]) {
      it(`of ${what}, ${checksum === 0 ? "without" : "with"} a checksum, is whole with all of its bytes and no other`, () => {
        const frame = zstdCompressSync(content, { params: { [constants.ZSTD_c_checksumFlag]: checksum } });
        const isWhole = (bytes: Buffer): boolean => isWholeZstdFrame(folder.write("frame", bytes));
        assert.equal(isWhole(frame), true);
        for (const cut of [1, 2, 3, 4, 5, frame.length >> 1]) {
          if (frame.length - cut >= 4) assert.equal(isWhole(frame.subarray(0, -cut)), false, `${cut} bytes cut off`);
        }
        assert.equal(isWhole(Buffer.concat([frame, Buffer.from("x")])), false);
        assert.equal(isWhole(Buffer.concat([frame, frame])), false);
      });
    }
  }
});
