import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startDaemon } from "../../sandbox/daemon.ts";
import { sandboxDirectory, writeDescription, writePrivate } from "../../sandbox/directory.ts";
import { tryLock } from "../../sandbox/exclusiveLock.ts";
import { Failure } from "../../sandbox/failure.ts";
import { keptLostCreates } from "../../sandbox/lostCreates.ts";
import { stateFileFailure } from "../../sandbox/stateFile.ts";
import { skip } from "../skip.ts";
import { forEachTest, forSuite, temporaryFolder } from "../held.ts";

const quiet = { log: () => undefined, onStopRequest: () => undefined };

describe("a sandbox with a damaged file", () => {
  const whole = forSuite(temporaryFolder);
  const damaged = forEachTest(temporaryFolder);
  let folder: string;

  before(async () => {
    const directory = sandboxDirectory(whole.path);
    const daemon = await startDaemon(directory, quiet);
    writeDescription(directory, daemon.description);
    await daemon.close();
  });

  beforeEach(() => {
    folder = damaged.path;
    cpSync(whole.path, folder, { recursive: true });
  });

  /** What it says instead of starting. */
  async function complaint(): Promise<string> {
    try {
      await (await startDaemon(sandboxDirectory(folder), quiet)).close();
      return "it started";
    } catch (error) {
      assert.ok(error instanceof Failure, String(error));
      return error.message;
    }
  }

  const restore = () => `Restore it from a copy of the sandbox's folder, or delete ${folder} to start anew.`;
  const renew = () => `Delete the folder ${join(folder, "tls")}: the next start makes new certificates.`;

  for (const [name, reason, nextStep] of [
    ["identity.json", "not valid JSON", restore],
    ["arm.db", "file is not a database", restore],
    ["activity.db", "file is not a database", restore],
    ["blobs/blobs.json", "not valid JSON", restore],
    ["blobs/extents.json", "not valid JSON", restore],
    ["tls/ca.pem", "error:0480006C:PEM routines::no start line", renew],
    ["tls/server.pem", "error:0480006C:PEM routines::no start line", renew],
    ["tls/server-key.pem", "error:1E08010C:DECODER routines::unsupported", renew],
  ] as const) {
    it(`does not start, and says what to do about ${name}`, async () => {
      const file = join(folder, name);
      writeFileSync(file, `\u0000 ${"overwritten ".repeat(50)}`);
      assert.equal(await complaint(), `${file} is damaged (${reason}). ${nextStep()}`);
    });
  }

  it("finds a database with damaged pages, and an invalid record in it", async () => {
    const file = join(folder, "arm.db");
    const database = new DatabaseSync(file);
    database.exec("INSERT INTO resources VALUES ('/subscriptions/s', '{')");
    database.close();
    assert.equal(await complaint(), `${file} is damaged (not valid JSON). ${restore()}`);
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(255, 100, 300));
    assert.match(await complaint(), /arm\.db is damaged \(.+\)\. Restore it/);
  });

  it("finds a private key that is another one's", async () => {
    const { key } = await import("../../sandbox/tls.ts").then(({ ensureTls }) => ensureTls(join(folder, "other")));
    const file = join(folder, "tls/server-key.pem");
    writeFileSync(file, key);
    assert.equal(
      await complaint(),
      `${file} is damaged (not the key of ${join(folder, "tls/server.pem")}). ${renew()}`,
    );
  });

  for (const name of ["identity.json", "arm.db", "activity.db", "blobs/blobs.json", "blobs/extents.json"]) {
    it(`does not start without ${name}, and forgets nothing`, async () => {
      const file = join(folder, name);
      truncateSync(file);
      assert.equal(await complaint(), `${file} is empty. ${restore()}`);
      rmSync(file);
      assert.equal(await complaint(), `${file} is missing. ${restore()}`);
    });
  }

  it("starts without its description, and writes it again", async () => {
    writeFileSync(join(folder, "sandbox.json"), "{");
    assert.equal(await complaint(), "it started");
  });

  it("names a damaged lock file and a damaged list of lost creations", () => {
    const { runLock, lostCreatesFile } = sandboxDirectory(folder);
    writeFileSync(runLock, "overwritten ".repeat(100));
    assert.throws(() => tryLock(runLock), { message: `${runLock} is damaged (file is not a database). Delete it.` });
    writeFileSync(lostCreatesFile, "[");
    assert.throws(() => keptLostCreates({ lostCreatesFile }), {
      message: `${lostCreatesFile} is damaged (not valid JSON). Delete it.`,
    });
  });
});

describe("a file of a sandbox on a disk that is full", () => {
  it("is named with what to do", () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
      syscall: "write",
    });
    const sqlite = Object.assign(new Error("database or disk is full"), { code: "ERR_SQLITE_ERROR", errcode: 13 });
    for (const error of [full, sqlite]) {
      assert.equal(
        stateFileFailure("/s/arm.db", "", error).message,
        "The disk is full: /s/arm.db cannot be written. Free some space, and run the command again.",
      );
    }
  });

  it("is distinguished from one that cannot be accessed", () => {
    const denied = Object.assign(new Error("EACCES: permission denied, open '/s/x'"), {
      code: "EACCES",
      syscall: "open",
    });
    assert.equal(
      stateFileFailure("/s/x", "Delete it.", denied).message,
      "/s/x cannot be opened: EACCES: permission denied, open '/s/x'.",
    );
  });

  it("is not left behind half written when it cannot be put in its place", () => {
    const folder = mkdtempSync(join(tmpdir(), "bastion-trail-written-"));
    mkdirSync(join(folder, "taken", "by"), { recursive: true });
    assert.throws(() => {
      writePrivate(join(folder, "taken"), "text");
    }, /^Failure: .*taken cannot be opened: /);
    assert.deepEqual(readdirSync(folder), ["taken"]);
    rmSync(folder, { recursive: true });
    assert.throws(() => {
      writePrivate(join(folder, "file"), "text");
    }, /^Failure: .*file cannot be opened: ENOENT/);
  });

  describe("that is really full", () => {
    let disk: string;

    before(function () {
      disk = mkdtempSync(join(tmpdir(), "bastion-trail-disk-"));
      const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "bastion-trail", disk]);
      if (status !== 0) skip(this, "only root can mount a small disk");
    });

    after(() => {
      spawnSync("umount", [disk]);
      rmSync(disk, { recursive: true, force: true });
    });

    const fill = (): void => {
      spawnSync("dd", ["if=/dev/zero", `of=${join(disk, "ballast")}`, "bs=4096"], { stdio: "ignore" });
    };
    const message = (file: string) =>
      `The disk is full: ${join(disk, file)} cannot be written. Free some space, and run the command again.`;

    beforeEach(() => {
      rmSync(join(disk, "ballast"), { force: true });
    });

    it("is reported by a sandbox that cannot start, the first time and again", async () => {
      fill();
      const first = startDaemon(sandboxDirectory(disk), quiet);
      await assert.rejects(first, { name: "Failure", message: /^The disk is full: \S+ cannot be written\. Free some/ });
      rmSync(join(disk, "ballast"));
      const daemon = await startDaemon(sandboxDirectory(disk), quiet);
      await daemon.close();
      fill();
      const again = startDaemon(sandboxDirectory(disk), quiet);
      await assert.rejects(again, { name: "Failure", message: /^The disk is full: \S+ cannot be written\. Free some/ });
    });

    it("leaves a file as it was", () => {
      const file = join(disk, "text.json");
      writePrivate(file, "before");
      fill();
      assert.throws(
        () => {
          writePrivate(file, "x".repeat(100_000));
        },
        { name: "Failure", message: message("text.json") },
      );
      assert.equal(readFileSync(file, "utf8"), "before");
    });
  });
});
