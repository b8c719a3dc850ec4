import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxDirectory } from "../../sandbox/directory.ts";
import { requireRunning, startSandbox, stopSandbox } from "../../sandbox/lifecycle.ts";

describe("a sandbox in the background", function () {
  // Each start is a process that loads the whole control plane.
  this.timeout(60_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bastion-trail-lifecycle-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("says why its folder cannot be used", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await assert.rejects(startSandbox(sandboxDirectory(file)), {
      name: "Failure",
      message: `The folder ${file} cannot be used: EEXIST: file already exists, mkdir '${file}'.`,
    });
    const log = sandboxDirectory(folder).logFile;
    mkdirSync(log);
    await assert.rejects(startSandbox(sandboxDirectory(folder)), {
      name: "Failure",
      message: `The folder ${folder} cannot be used: EISDIR: illegal operation on a directory, open '${log}'.`,
    });
  });

  it("that cannot start ends with its reason, and leaves nothing running", async () => {
    const directory = sandboxDirectory(folder);
    const state = join(folder, "arm.db");
    writeFileSync(state, "overwritten ".repeat(100));
    await assert.rejects(startSandbox(directory), {
      name: "Failure",
      message:
        `The sandbox in ${folder} did not start: ${state} is damaged (file is not a database). Restore it from a copy of the ` +
        `sandbox's folder, or delete ${folder} to start anew. Its log is ${directory.logFile}.`,
    });
    assert.equal(await stopSandbox(directory), false);
  });

  it("that lost its description while it runs is distinguished from one that does not exist", async () => {
    const directory = sandboxDirectory(folder);
    await assert.rejects(requireRunning(directory), {
      message: `No sandbox is running in ${folder}. Start one with: npm run sandbox -- start`,
    });
    await startSandbox(directory);
    try {
      rmSync(directory.descriptionFile);
      await assert.rejects(requireRunning(directory), {
        name: "Failure",
        message:
          `The sandbox in ${folder} does not answer: ${directory.descriptionFile}, which says where, is missing or damaged. ` +
          `Run \`npm run sandbox -- stop\` and start it again. Its log is ${directory.logFile}.`,
      });
    } finally {
      assert.equal(await stopSandbox(directory), true);
    }
  });
});
