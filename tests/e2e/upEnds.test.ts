import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { smallConfig, TestSandbox, unchanged } from "./harness.ts";

describe("sandbox up always ends", () => {
  const killed = new Set<number>();
  let sandbox: TestSandbox;

  before(async () => {
    sandbox = await TestSandbox.start();
    // Slow long-running operations, so that no machine is fast enough to finish before the last of the kills.
    await sandbox.admin("POST", "/sandbox/delays", { operationDelayMs: 3000 });
  });

  after(async () => {
    await sandbox.destroy();
    await sandbox.remove();
  });

  // From before the program starts until it waits for resources that are being created.
  for (const milliseconds of [0, 500, 1500, 4000]) {
    it(`with exit code 1 when its engine is killed ${milliseconds} ms after it has locked the stack`, async () => {
      const command = sandbox.spawn("up", "--quiet", ...sandbox.config(smallConfig));
      const said = text(command.stderr!);
      const ended = once(command, "close");
      let engine: number | undefined;
      // The lock of an engine that was killed before stays until this one takes it. Before that, the command may refresh
      // what the killed one was creating, with an engine of its own.
      while (engine === undefined && command.exitCode === null) {
        await delay(20);
        engine = sandbox.engines().find((pid) => !killed.has(pid) && isUp(pid));
      }
      if (engine === undefined) assert.fail(await said);
      await delay(milliseconds);
      process.kill(engine, "SIGKILL");
      killed.add(engine);
      const [exitCode] = (await ended) as [number | null];
      assert.deepEqual(
        { exitCode, stderr: await said },
        {
          exitCode: 1,
          stderr: "error: The Pulumi engine was killed (SIGKILL). Run the command again: it continues from there.\n",
        },
      );
    }).timeout(180_000);
  }

  it("as it would when nobody reads its progress any more", async () => {
    await sandbox.admin("POST", "/sandbox/delays", { operationDelayMs: 100 });
    const command = sandbox.spawn("up", "--json", ...sandbox.config(smallConfig));
    command.stderr!.destroy();
    const ended = once(command, "close") as Promise<[number | null]>;
    const stdout = await text(command.stdout!);
    const [exitCode] = await ended;
    assert.equal(exitCode, 0);
    const { changes } = JSON.parse(stdout) as { changes: object };
    assert.notDeepEqual(changes, unchanged(0));
  });
});

/** Whether a process runs `pulumi up`. */
function isUp(pid: number): boolean {
  return spawnSync("ps", ["-p", String(pid), "-o", "args="], { encoding: "utf8" }).stdout.includes(" up ");
}
