import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  lstatSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { updateCopy, type BlobCopy } from "../../../../../cli/audit/sources/archive/blobCopy.ts";
import type { BlobStore, RemoteBlob } from "../../../../../cli/audit/sources/archive/blobStore.ts";
import { bytesOf } from "../../../../../cli/audit/pieces/bytesOf.ts";
import { BufferPool } from "../../../../../cli/audit/sources/archive/bufferPool.ts";
import { openCacheFolder } from "../../../../../cli/audit/store/cacheFolder.ts";
import { forEachTest, temporaryFolder } from "../../../../held.ts";
import { propertyRuns } from "../../../../propertyRuns.ts";

const now = new Date("2026-05-04T12:00Z");

/** A blob in memory that is as long as need be, and can fail at any byte. */
class MemoryBlob implements BlobStore {
  readonly account = "https://st.blob.example";
  readonly container = "logs";
  readonly serviceTime = now;
  text = Buffer.alloc(0);
  /** Bytes that are handed over before the next read fails. */
  failAfter: number | undefined;
  fetched = 0;
  #version = 1;
  #createdAt = 1;
  /** Whether nothing was appended for hours. */
  isSettled = false;

  append(text: string): void {
    this.text = Buffer.concat([this.text, Buffer.from(text)]);
    this.#version += 1;
  }

  replace(text: string): void {
    this.text = Buffer.from(text);
    this.#version += 1;
    this.#createdAt += 1;
  }

  get described(): RemoteBlob {
    return {
      name: "resourceId=/A/y=2026/m=05/d=04/h=10/m=00/PT1H.json",
      etag: `"${this.#version}"`,
      length: this.text.length,
      isAppended: true,
      createdAt: this.#createdAt,
      changedAt: now.getTime() - (this.isSettled ? 4 * 3_600_000 : 0),
    };
  }

  async read(_: RemoteBlob, start: number, end: number, write: (bytes: Buffer) => Promise<void>): Promise<undefined> {
    for (let offset = start; offset < end; offset += 7) {
      const bytes = this.text.subarray(offset, Math.min(offset + 7, end));
      if (this.failAfter !== undefined && this.failAfter < bytes.length) {
        await write(bytes.subarray(0, this.failAfter));
        throw new Error("interrupted");
      }
      this.failAfter = this.failAfter === undefined ? undefined : this.failAfter - bytes.length;
      this.fetched += bytes.length;
      await write(bytes);
    }
    return undefined;
  }

  look = (): Promise<RemoteBlob> => Promise.resolve(this.described);
  folders = (): Promise<string[]> => Promise.resolve([]);
  list(): AsyncGenerator<readonly RemoteBlob[]> {
    throw new Error("Not asked here.");
  }
}

type Step =
  | { readonly kind: "append" | "replace"; readonly text: string }
  | { readonly kind: "interrupt"; readonly after: number }
  | {
      readonly kind: "truncate" | "zero" | "extend" | "edit" | "replace file" | "lose";
      readonly file: "10.json" | "10.manifest.json";
      readonly at: number;
    }
  | { readonly kind: "older" | "settle" };

const file = fc.constantFrom("10.json" as const, "10.manifest.json" as const);
/** Whole records and pieces of them. */
const text = fc
  .array(fc.constantFrom('{"n":1}\n', '{"n":', '2,"é":"x"}\n', "\n", '{"n":3}', "\r\n"), { maxLength: 12 })
  .map((parts) => parts.join(""));
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("append" as const), text }) },
  fc.record({ kind: fc.constant("replace" as const), text }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("interrupt" as const), after: fc.nat(80) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "truncate" as const,
        "zero" as const,
        "extend" as const,
        "edit" as const,
        "replace file" as const,
        "lose" as const,
      ),
      file,
      at: fc.nat(600),
    }),
  },
  fc.record({ kind: fc.constantFrom("older" as const, "settle" as const) }),
);

/** The last one is crossed by growing blobs. */
const longestInMemory = fc.constantFrom(0, 1024 * 1024, 60);

describe("a copy of a blob", () => {
  const folder = forEachTest(temporaryFolder);

  it("holds the blob's whole lines after any history of growth, replacement, interruption and damage, in memory or in steps", async function () {
    this.timeout(120_000);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 14 }), longestInMemory, async (steps, inMemory) => {
        run += 1;
        const cacheDir = join(folder.path, String(run));
        const elsewhere = join(folder.path, "elsewhere.json");
        writeFileSync(elsewhere, '{"n":666}\n');
        const cache = await openCacheFolder(cacheDir, "archive", ["st"]);
        const blob = new MemoryBlob();
        const tools = { store: blob, cache, buffers: new BufferPool() };
        const update = (): Promise<BlobCopy | undefined> =>
          updateCopy(blob.described, "10", { ...tools, now, inMemory });
        let earlier: { name: string; bytes: Buffer }[] = [];
        for (const step of steps) {
          await take(step);
          const copy = await update();
          const content = copy?.file === undefined ? "" : await textOf(copy.file);
          assert.equal(content, wholeLines(blob.text.toString("utf8")));
          assert.equal(copy?.isCut, content.length < blob.text.toString("utf8").length);
          if (blob.isSettled) assert.ok(isPacked(copy.file ?? ""));
          assert.deepEqual(await readdir(join(cacheDir, "archive", "tmp")), []);
          assert.equal(readFileSync(elsewhere, "utf8"), '{"n":666}\n');
        }
        rmSync(cacheDir, { recursive: true });

        async function take(step: Step): Promise<void> {
          blob.isSettled = step.kind === "settle";
          const path = "file" in step ? join(cache.path, step.file) : "";
          switch (step.kind) {
            case "append":
              earlier = snapshot();
              // Nobody writes a record behind one that is whole without breaking the line: that would be neither's record.
              blob.append(endsWhole(blob.text.toString("utf8")) ? `\n${step.text}` : step.text);
              return;
            case "replace":
              blob.replace(step.text);
              earlier = [];
              return;
            case "interrupt":
              blob.append('{"n":4}\n{"n":5}\n{"n":6}\n');
              blob.failAfter = step.after;
              await update().catch((error: unknown) => {
                assert.equal((error as Error).message, "interrupted");
              });
              blob.failAfter = undefined;
              return;
            case "truncate":
              if (isOwnFile(path)) truncateSync(path, Math.min(step.at, readFileSync(path).length));
              return;
            case "zero":
              // As after a power loss: the length is on disk, the bytes are not.
              if (isOwnFile(path)) writeFileSync(path, Buffer.alloc(readFileSync(path).length));
              return;
            case "extend":
              if (isOwnFile(path)) appendFileSync(path, '{"n":666}\n');
              return;
            case "edit":
              // One byte, so that the length stays as it is.
              if (isOwnFile(path)) {
                const bytes = readFileSync(path);
                const at = step.at % Math.max(1, bytes.length);
                if (bytes.length > 0) bytes[at] = bytes[at]! ^ 1;
                writeFileSync(path, bytes);
              }
              return;
            case "replace file":
              if (existsSync(path)) {
                rmSync(path);
                symlinkSync(elsewhere, path);
              }
              return;
            case "lose":
              rmSync(path, { force: true });
              return;
            case "settle":
              blob.append("\n");
              return;
            case "older":
              // As after a kill between two files: one of them is the one of before.
              for (const { name, bytes } of earlier.slice(0, 1)) writeFileSync(join(cache.path, name), bytes);
          }
        }

        function snapshot(): { name: string; bytes: Buffer }[] {
          return ["10.manifest.json", "10.json"].flatMap((name) => {
            const path = join(cache.path, name);
            return existsSync(path) ? [{ name, bytes: readFileSync(path) }] : [];
          });
        }
      }),
      propertyRuns(250),
    );
  });

  it("packs a long blob that no longer grows, and unpacks it where it grows after all", async () => {
    const cache = await openCacheFolder(folder.path, "archive", ["st"]);
    const blob = new MemoryBlob();
    blob.read = async (_, start, end, write) => {
      await write(blob.text.subarray(start, end));
      return undefined;
    };
    blob.append(`${"x".repeat(1023)}\n`.repeat(10 * 1024));
    for (const isSettled of [true, true, false]) {
      if (!isSettled) blob.append("more\n");
      blob.isSettled = isSettled;
      const copy = await updateCopy(blob.described, "10", { store: blob, cache, buffers: new BufferPool(), now });
      const file = copy?.file ?? "";
      assert.deepEqual([isPacked(file), [...cache.damaged]], [isSettled, []]);
      assert.equal(await textOf(file), blob.text.toString("utf8"));
      assert.equal(copy?.sha256, createHash("sha256").update(blob.text).digest("hex"));
    }
  });

  it("keeps of a long blob what was fetched before an interruption", async () => {
    const cache = await openCacheFolder(folder.path, "archive", ["st"]);
    const blob = new MemoryBlob();
    blob.read = async (_, start, end, write) => {
      const step = 1024 * 1024;
      for (let offset = start; offset < end; offset += step) {
        if (offset >= 30 * step && blob.failAfter !== undefined) throw new Error("interrupted");
        await write(blob.text.subarray(offset, Math.min(offset + step, end)));
        blob.fetched += Math.min(step, end - offset);
      }
      return undefined;
    };
    blob.append(`${"x".repeat(1023)}\n`.repeat(40 * 1024));
    blob.failAfter = 0;
    await assert.rejects(updateCopy(blob.described, "10", { store: blob, cache, buffers: new BufferPool(), now }), {
      message: "interrupted",
    });
    blob.failAfter = undefined;
    const before = blob.fetched;
    const copy = await updateCopy(blob.described, "10", { store: blob, cache, buffers: new BufferPool(), now });
    assert.deepEqual(readFileSync(copy?.file ?? ""), blob.text);
    assert.equal(before, 30 * 1024 * 1024);
    assert.equal(blob.fetched - before, 24 * 1024 * 1024);
  });
});

async function textOf(file: string): Promise<string> {
  return Buffer.concat(await Array.fromAsync(bytesOf(file))).toString("utf8");
}

function isPacked(file: string): boolean {
  return readFileSync(file).toString("hex", 0, 4) === "28b52ffd";
}

/** Not a link that an earlier step has left: through it, a step would change what is elsewhere. */
function isOwnFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Whether the last line is JSON for itself, with no line break behind it. */
function endsWhole(content: string): boolean {
  return !content.endsWith("\n") && content !== "" && wholeLines(content) === content;
}

/** Up to the last line break; and a last line that is JSON for itself. */
function wholeLines(content: string): string {
  const end = content.lastIndexOf("\n") + 1;
  try {
    JSON.parse(content.slice(end));
    return content;
  } catch {
    return content.slice(0, end);
  }
}
