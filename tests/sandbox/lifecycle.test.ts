import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sandboxDirectory } from "../../sandbox/directory.ts";
import { requireRunning, startSandbox, stopSandbox } from "../../sandbox/lifecycle.ts";
import { forEachTest, temporaryFolder } from "../held.ts";

describe("a sandbox in the background", function () {
  const folder = forEachTest(temporaryFolder);
  // Each start is a process that loads the whole control plane.
  this.timeout(60_000);

  it("says why its folder cannot be used", async () => {
    const file = join(folder.path, "file");
    writeFileSync(file, "");
    await assert.rejects(startSandbox(sandboxDirectory(file)), {
      name: "Failure",
      message: `The folder ${file} cannot be used: EEXIST: file already exists, mkdir '${file}'.`,
    });
    const log = sandboxDirectory(folder.path).logFile;
    mkdirSync(log);
    await assert.rejects(startSandbox(sandboxDirectory(folder.path)), {
      name: "Failure",
      message: `The folder ${folder.path} cannot be used: EISDIR: illegal operation on a directory, open '${log}'.`,
    });
  });

  it("that cannot start ends with its reason, and leaves nothing running", async () => {
    const directory = sandboxDirectory(folder.path);
    const state = join(folder.path, "arm.db");
    writeFileSync(state, "overwritten ".repeat(100));
    await assert.rejects(startSandbox(directory), {
      name: "Failure",
      message:
        `The sandbox in ${folder.path} did not start: ${state} is damaged (file is not a database). Restore it from a copy of the ` +
        `sandbox's folder, or delete ${folder.path} to start anew. Its log is ${directory.logFile}.`,
    });
    assert.equal(await stopSandbox(directory), false);
  });

  it("that lost its description while it runs is distinguished from one that does not exist", async () => {
    const directory = sandboxDirectory(folder.path);
    await assert.rejects(requireRunning(directory), {
      message: `No sandbox is running in ${folder.path}. Start one with: npm run sandbox -- start`,
    });
    await startSandbox(directory);
    try {
      rmSync(directory.descriptionFile);
      await assert.rejects(requireRunning(directory), {
        name: "Failure",
        message:
          `The sandbox in ${folder.path} does not answer: ${directory.descriptionFile}, which says where, is missing or damaged. ` +
          `Run \`npm run sandbox -- stop\` and start it again. Its log is ${directory.logFile}.`,
      });
    } finally {
      assert.equal(await stopSandbox(directory), true);
    }
  });
});
