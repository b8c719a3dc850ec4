import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Mocha fails a test in which a promise is rejected unhandled, so the run is in a process of its own. @returns what it prints. */
function inProcess(run: string): string {
  const script = `
    import { setTimeout as delay } from "node:timers/promises";
    import { withLateRejections } from "./sandbox/lateRejections.ts";
    await withLateRejections(async () => { ${run} }).then(
      () => console.log("done"),
      ({ message }) => console.log("failed: " + message),
    );
    console.log(process.listenerCount("unhandledRejection"));`;
  const root = join(import.meta.dirname, "../..");
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: root,
    encoding: "utf8",
  });
  return stdout + stderr;
}

describe("a run that leaves a rejected promise behind", () => {
  it("fails with its reason, and does not end the process", () => {
    assert.equal(inProcess(`void Promise.reject(new Error("lost")); await delay(1);`), "failed: lost\n0\n");
  });

  it("fails with its own error where it has one", () => {
    const run = `void Promise.reject(new Error("lost")); await delay(1); throw new Error("refused");`;
    assert.equal(inProcess(run), "failed: refused\n0\n");
  });

  it("is done where there is none", () => {
    assert.equal(inProcess("await delay(1);"), "done\n0\n");
  });
});
