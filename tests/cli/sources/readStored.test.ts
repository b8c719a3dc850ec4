import assert from "node:assert/strict";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { commands, groups } from "../../../cli/commands/index.ts";
import { temporaryFolder } from "../../../cli/files/temporaryFolder.ts";
import { readStored } from "../../../cli/sources/readStored.ts";
import type { FoundFiles } from "../../../cli/sources/logFiles.ts";
import { runProgram } from "../../../cli/program.ts";
import { foldFolder } from "../../../cli/audit/sessions/foldFolder.ts";
import { blobRecord, lines, LogFolder, readAll } from "../audit/auditLines.ts";
import { fakeIo } from "../fakeIo.ts";

const silent = { update: () => undefined, end: () => undefined };

describe("files that are read with the store", () => {
  const found = (file: string): FoundFiles => ({
    files: [file],
    blobs: null,
    blobOf: new Map(),
    unreadable: [],
    isNew: true,
    receivedUntil: null,
    of: file,
  });

  it("are read without it once somebody removes the cache in the meantime", async () => {
    using folder = new LogFolder();
    const file = folder.write("logs/PT1H.json", lines(blobRecord()));
    const cacheDir = join(folder.path, "cache");
    const kept = { cacheDir, what: "the records" };
    const result = await readStored(found(file), kept, fakeIo(), silent, (options) =>
      foldFolder({
        ...options,
        // The file is stored, but its segment has not been read yet.
        onProgress: () => {
          rmSync(cacheDir, { recursive: true, force: true });
        },
      }),
    );
    assert.equal((await readAll(result)).sessions.length, 1);
  });

  for (const [what, error, reason] of [
    [
      "Node",
      (path: string) =>
        Object.assign(new Error(`ENOSPC: no space left on device, write '${path}'`), { code: "ENOSPC", path }),
      "no space is left on the disk",
    ],
    [
      "DuckDB",
      (path: string) => new Error(`IO Error: Could not write file "${path}": No space left on device`),
      'IO Error: Could not write file "/cache/store/tmp/1": No space left on device',
    ],
  ] as const) {
    it(`say that the cache is full, by an error of ${what}`, async () => {
      const failure = error("/cache/store/tmp/1");
      const kept = { cacheDir: "/cache", what: "the records" };
      await assert.rejects(
        readStored(found("a"), kept, fakeIo(), silent, () => Promise.reject(failure)),
        {
          message: `The cache in /cache cannot be written: ${reason}.`,
          nextStep: "Make room or give another folder: --cache DIR, or none with --no-cache.",
        },
      );
    });
  }

  it("say that the folder for temporary files is full, without a cache", async () => {
    const folder = temporaryFolder();
    const failure = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    const kept = { cacheDir: folder.path, what: "the records" };
    await assert.rejects(
      readStored(found("a"), kept, fakeIo(), silent, () => Promise.reject(failure)),
      {
        message: `The folder for temporary files, ${tmpdir()}, cannot be written to: no space is left on the disk.`,
        nextStep: "Make room in it, or set TMPDIR to another folder.",
      },
    );
    folder.remove();
  });

  it("are read beside a folder whose files cannot be looked at", async function () {
    // Root may look at any file.
    if (process.getuid?.() === 0) this.skip();
    using folder = new LogFolder();
    folder.write("PT1H.json", lines(blobRecord()));
    const closed = folder.write("closed/PT1H.json", lines(blobRecord()));
    chmodSync(dirname(closed), 0o400);
    const io = fakeIo({ cwd: folder.path });
    const exitCode = await runProgram(["logs", "--source", ".", "--no-cache"], io, { commands, groups, version: "1" });
    chmodSync(dirname(closed), 0o700);
    assert.equal(exitCode, 1);
    assert.match(io.written.stderr, /closed\/PT1H\.json: Cannot be read: permission denied\.\n1 session from 1 record/);
  });

  it("do not include the cache", async () => {
    using folder = new LogFolder();
    folder.write("PT1H.json", lines(blobRecord()));
    mkdirSync(join(folder.path, "cache"));
    for (let time = 0; time < 2; time++) {
      const io = fakeIo({ cwd: folder.path });
      const words = ["logs", "--source", ".", "--cache", "cache", "--strict"];
      assert.equal(await runProgram(words, io, { commands, groups, version: "1" }), 0, io.written.stderr);
      assert.match(io.written.stderr, /^1 session from 1 record in 1 file\./);
    }
  });
});
