import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { forSuite } from "../held.ts";
import { smallConfig, TestSandbox, unchanged } from "./harness.ts";

describe("an up whose engine is killed", () => {
  let total: number;

  const sandbox = forSuite(() => TestSandbox.start());
  before(async () => {
    total = (await sandbox.up()).changes.create;
    await sandbox.destroy();
  });

  // Slow long-running operations, so that the kill falls into the creation of what is named.
  for (const [what, pattern] of [
    ["the virtual network", /Microsoft\.Network\/virtualNetworks\/[^/]+$/],
    ["the Bastion host", /Microsoft\.Network\/bastionHosts\/[^/]+$/],
    ["the VM", /Microsoft\.Compute\/virtualMachines\/[^/]+$/],
  ] as const) {
    it(`while it creates ${what}, is completed by the next one, with nothing orphaned or doubled`, async () => {
      await sandbox.admin("POST", "/sandbox/delays", { operationDelayMs: 2000 });
      const command = sandbox.spawn("up", "--quiet", ...sandbox.config(smallConfig));
      const ended = once(command, "close");
      while (!(await sandbox.resourceIds()).some((id) => pattern.test(id))) {
        await delay(50);
      }
      const engines = sandbox.engines();
      assert.equal(engines.length, 1);
      process.kill(engines[0]!, "SIGKILL");
      command.kill("SIGKILL");
      await ended;
      await sandbox.admin("POST", "/sandbox/delays", { operationDelayMs: 100 });

      const { stderr, exitCode } = await sandbox.run("up", ...sandbox.config(smallConfig));
      assert.equal(exitCode, 0, stderr);
      assert.match(stderr, /The last run was killed; released the lock that it left on the stack\./);
      assert.deepEqual((await sandbox.up()).changes, unchanged(total));
      assert.deepEqual(await sandbox.destroy(), { ...unchanged(0), delete: total });
      assert.deepEqual(await sandbox.resourceIds(), []);
    });
  }
});
