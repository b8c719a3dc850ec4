import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { presentEngine } from "../../sandbox/engine/resolve.ts";
import { startNodeLanguageHost } from "./nodeLanguageHost.ts";

const root = join(import.meta.dirname, "../..");

describe("a project that `pulumi new` makes from the template", () => {
  let folder: string;
  let project: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "template-"));
    project = join(folder, "jump");
    const { engine } = await presentEngine();
    const host = await startNodeLanguageHost(process.env);
    const words = ["--generate-only", "--yes", "--name", "jump", "--description", "Access to VMs", "--dir", project];
    const env = {
      ...process.env,
      PULUMI_DEBUG_LANGUAGES: `nodejs:${host.port}`,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    await promisify(execFile)(engine!.command, ["new", join(root, "template"), ...words], { cwd: folder, env });
    host.remove();
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const filesOf = (path: string) =>
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(path.length + 1))
      .sort();
  const yaml = (path: string) => parse(readFileSync(path, "utf8")) as Record<string, unknown>;

  it("has every file of the template, as it is there", () => {
    assert.deepEqual(filesOf(project), filesOf(join(root, "template")));
    for (const name of filesOf(project).filter((one) => one !== "Pulumi.yaml")) {
      assert.equal(readFileSync(join(project, name), "utf8"), readFileSync(join(root, "template", name), "utf8"), name);
    }
  });

  it("has the config keys and the runtime of this project, under its own name", () => {
    const template = join(root, "template");
    const { config, ...others } = yaml(join(root, "Pulumi.yaml")) as { config: object };
    assert.deepEqual(yaml(join(project, "Pulumi.yaml")), {
      ...others,
      name: "jump",
      description: "Access to VMs",
      // The engine says where the project comes from.
      config: { ...config, "pulumi:tags": { value: { "pulumi:template": template } } },
    });
  });
});
