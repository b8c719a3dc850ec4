import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { tryLock, waitForLock } from "../../sandbox/exclusiveLock.ts";
import { forEachTest, temporaryFolder } from "../held.ts";

describe("an exclusive lock", () => {
  const folder = forEachTest(temporaryFolder);
  let file: string;

  beforeEach(() => {
    file = join(folder.path, "a", "lock");
  });

  it("has one holder at a time", () => {
    const first = tryLock(file);
    assert.ok(first);
    assert.equal(tryLock(file), undefined);
    first.release();
    tryLock(file)!.release();
  });

  it("is waited for, and says so once", async () => {
    const first = tryLock(file)!;
    let waits = 0;
    const second = waitForLock(file, { onWait: () => (waits += 1) });
    setTimeout(() => {
      first.release();
    }, 250);
    (await second)!.release();
    assert.equal(waits, 1);
  });

  it("is waited for no longer than the limit", async () => {
    const first = tryLock(file)!;
    assert.equal(await waitForLock(file, { limit: 150 }), undefined);
    first.release();
  });

  it("is free again after its holder was killed", async () => {
    const script =
      `import { tryLock } from ${JSON.stringify(join(import.meta.dirname, "../../sandbox/exclusiveLock.ts"))};` +
      `globalThis.held = tryLock(${JSON.stringify(file)}); console.log("held"); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    assert.equal(tryLock(file), undefined);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    tryLock(file)!.release();
  });
});
