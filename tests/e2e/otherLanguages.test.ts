import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { JsonObject } from "../../sandbox/arm/model.ts";
import { presentEngine } from "../../sandbox/engine/resolve.ts";
import { engineVersion } from "../../sandbox/engine/version.ts";
import { type ComponentPlugin, startComponentPlugin } from "../../tools/componentPlugin.ts";
import { cached, ensureEnvironment } from "../../tools/pythonEnvironment.ts";
import { TestSandbox } from "./harness.ts";

interface Result {
  readonly changes?: JsonObject;
  readonly outputs?: JsonObject;
  readonly error?: string;
}

/** As the engine's Python SDK; both have one version. */
const packages = { pulumi: engineVersion };

describe("a program in Python on the components", () => {
  let sandbox: TestSandbox;
  let plugin: ComponentPlugin;
  let python: string;
  let env: Record<string, string | undefined>;

  before(async () => {
    python = ensureEnvironment({ folder: cached("pulumi-python"), packages });
    sandbox = await TestSandbox.start();
    const own = sandbox.environment();
    plugin = await startComponentPlugin(own);
    env = {
      ...process.env,
      ...own,
      PULUMI_DEBUG_PROVIDERS: `${own.PULUMI_DEBUG_PROVIDERS},bastion-trail:${plugin.port}`,
      PULUMI_HOME: join(sandbox.folder, "pulumi"),
      PULUMI_ROOT: dirname(dirname((await presentEngine()).engine!.command)),
    };
  });
  after(async () => {
    plugin.process.kill();
    await sandbox.end();
  });

  async function run(command: string, settings: JsonObject = {}): Promise<Result> {
    const args = [join(import.meta.dirname, "python/program.py"), command, JSON.stringify(settings)];
    const { stdout } = await promisify(execFile)(python, args, { env, maxBuffer: 64 * 1024 * 1024 });
    return JSON.parse(stdout) as Result;
  }

  it("is refused in preview, with all problems of an argument", async () => {
    const { error } = await run("preview", { sku: "Basic", scaleUnits: 51 });
    assert.match(error!, /BastionHost "bastion": scaleUnits/);
  });

  it("deploys a Bastion host with archive, diagnostics and a JIT VM", async () => {
    const { outputs, error } = await run("up");
    assert.equal(error, undefined);
    assert.match(outputs!.hostId as string, /\/resourceGroups\/rg-python\/.*\/bastionHosts\/python-bastion$/);
  });

  it("previews clean after that", async () => {
    const { changes } = await run("preview");
    assert.deepEqual(Object.keys(changes!), ["same"]);
  });

  it("is refused a shorter retention, in preview, with what would go", async () => {
    const { error } = await run("preview", { retentionDays: 30 });
    assert.match(error!, /AuditArchive "archive": retentionDays/);
  });

  it("is destroyed", async () => {
    const { error } = await run("destroy");
    assert.equal(error, undefined);
  });
});
