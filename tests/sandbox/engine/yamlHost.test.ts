import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { GoProgram } from "../../../sandbox/engine/build.ts";
import { builtFolder } from "../../../sandbox/engine/candidates.ts";
import type { Engine } from "../../../sandbox/engine/resolve.ts";
import { yamlHostVersion } from "../../../sandbox/engine/version.ts";
import { ensureYamlHost } from "../../../sandbox/engine/yamlHost.ts";
import { silentProgress } from "../../../sandbox/progress.ts";
import { forEachTest, temporaryFolder } from "../../held.ts";

describe("finding the language host for YAML", () => {
  const folder = forEachTest(temporaryFolder);
  let engine: Engine;
  let environment: NodeJS.ProcessEnv;
  let built: string[];

  beforeEach(() => {
    engine = { command: join(folder.path, "release/pulumi"), version: "v3.259.0", source: "download" };
    environment = { PATH: join(folder.path, "path"), XDG_CACHE_HOME: join(folder.path, "cache") };
    built = [];
  });
  const kept = () => join(builtFolder("yaml", yamlHostVersion, environment), "bin");

  function install(place: string): void {
    const file = join(place, "pulumi-language-yaml");
    mkdirSync(place, { recursive: true });
    writeFileSync(file, "");
    chmodSync(file, 0o755);
  }

  function find(goIsThere = true): Promise<string> {
    return ensureYamlHost(engine, silentProgress, environment, {
      hasGo: () => Promise.resolve(goIsThere),
      build: (program: GoProgram) => {
        built.push(program.goPackage);
        return Promise.resolve(join(program.folder, "bin", program.executable));
      },
    });
  }

  it("takes the one that came with the engine first, then the one on PATH, then the one that was built before", async () => {
    install(kept());
    assert.equal(await find(), kept());
    install(join(folder.path, "path"));
    assert.equal(await find(), join(folder.path, "path"));
    install(dirname(engine.command));
    assert.equal(await find(), dirname(engine.command));
    assert.deepEqual(built, []);
  });

  it("builds it where there is none", async () => {
    assert.equal(await find(), kept());
    assert.deepEqual(built, ["github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"]);
  });

  it("says what to install where there is no Go either", async () => {
    await assert.rejects(find(false), {
      message:
        `No pulumi-language-yaml beside ${engine.command} or on PATH, and no \`go\` to build it with. ` +
        "Install the Pulumi CLI (https://www.pulumi.com/docs/install/) or Go (https://go.dev/dl/), and run this again.",
    });
  });
});
