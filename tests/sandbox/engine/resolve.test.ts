import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { builtEngineFolder, downloadedEngine } from "../../../sandbox/engine/candidates.ts";
import { resolveEngine, type EngineSources } from "../../../sandbox/engine/resolve.ts";
import { askVersion } from "../../../sandbox/engine/version.ts";
import { silentProgress } from "../../../sandbox/progress.ts";
import { forEachTest, temporaryFolder } from "../../held.ts";

describe("finding the Pulumi engine", () => {
  const folder = forEachTest(temporaryFolder);
  let environment: NodeJS.ProcessEnv;
  let asked: string[];

  beforeEach(() => {
    environment = {
      PATH: "",
      PULUMI_HOME: join(folder.path, "pulumi-home"),
      XDG_CACHE_HOME: join(folder.path, "cache"),
    };
    asked = [];
  });

  /** A real executable that answers `pulumi version`. */
  function install(file: string, version: string): string {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho ${version}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  function sources(changes: Partial<EngineSources> = {}): EngineSources {
    return {
      environment,
      askVersion,
      download: () => {
        asked.push("download");
        return Promise.reject(new Error("pulumi: fetch failed"));
      },
      hasGo: () => {
        asked.push("go");
        return Promise.resolve(false);
      },
      build: () => {
        asked.push("build");
        return Promise.reject(new Error("go build failed: no space left on device"));
      },
      ...changes,
    };
  }

  const builtFile = () => join(builtEngineFolder(environment), "bin", "pulumi");

  it("takes the one on PATH", async () => {
    const command = install(join(folder.path, "bin", "pulumi"), "v3.259.0");
    environment.PATH = dirname(command);
    assert.deepEqual(await resolveEngine(silentProgress, sources()), { command, version: "v3.259.0", source: "PATH" });
    assert.deepEqual(asked, []);
  });

  it("takes a newer one of the same major version", async () => {
    const command = install(join(folder.path, "bin", "pulumi"), "v3.300.1");
    environment.PATH = dirname(command);
    assert.equal((await resolveEngine(silentProgress, sources())).version, "v3.300.1");
  });

  it("does not take the npm package's launcher in node_modules/.bin for an engine", async () => {
    const launcher = install(join(folder.path, "node_modules", ".bin", "pulumi"), "v3.259.0");
    const command = install(join(folder.path, "bin", "pulumi"), "v3.260.0");
    environment.PATH = [dirname(launcher), dirname(command)].join(delimiter);
    assert.equal((await resolveEngine(silentProgress, sources())).command, command);
  });

  it("leaves an older one on PATH alone, and says why", async () => {
    const old = install(join(folder.path, "bin", "pulumi"), "v3.200.0");
    const built = install(builtFile(), "v3.259.0");
    environment.PATH = dirname(old);
    const notes: string[] = [];
    const progress = { ...silentProgress, note: (text: string) => notes.push(text) };
    assert.equal((await resolveEngine(progress, sources())).command, built);
    assert.deepEqual(notes, [
      `Not using the Pulumi engine on PATH: ${old} cannot be used, version v3.200.0 is older than 3.259.0.`,
    ]);
  });

  it("uses what an earlier run downloaded, before what was built", async () => {
    const command = install(downloadedEngine(environment), "v3.259.0");
    install(builtFile(), "v3.259.0");
    assert.deepEqual(await resolveEngine(silentProgress, sources()), {
      command,
      version: "v3.259.0",
      source: "download",
    });
  });

  it("uses what an earlier run built without a download, or a start to ask for its version", async () => {
    const command = install(builtFile(), "v3.259.0");
    const askVersion = (file: string): Promise<string> => {
      asked.push(`version of ${file}`);
      return Promise.resolve("v3.259.0");
    };
    assert.deepEqual(await resolveEngine(silentProgress, sources({ askVersion })), {
      command,
      version: "v3.259.0",
      source: "Go build",
    });
    assert.deepEqual(asked, []);
  });

  it("downloads when there is none", async () => {
    const engine = await resolveEngine(
      silentProgress,
      sources({
        download: () => {
          install(downloadedEngine(environment), "v3.259.0");
          return Promise.resolve();
        },
      }),
    );
    assert.equal(engine.source, "download");
    assert.deepEqual(asked, []);
  });

  it("builds from Go when the download fails", async () => {
    const engine = await resolveEngine(
      silentProgress,
      sources({
        hasGo: () => Promise.resolve(true),
        build: () => Promise.resolve(install(builtFile(), "v3.259.0")),
      }),
    );
    assert.deepEqual(engine, { command: builtFile(), version: "v3.259.0", source: "Go build" });
    assert.deepEqual(asked, ["download"]);
  });

  it("says in one sentence why there is none and what to install", async () => {
    await assert.rejects(resolveEngine(silentProgress, sources()), {
      message:
        "No Pulumi engine 3.259.0 or newer: there is no `pulumi` on PATH; the download failed: pulumi: fetch failed; " +
        "there is no `go` on PATH to build it with. Install the Pulumi CLI (https://www.pulumi.com/docs/install/) or " +
        "Go (https://go.dev/dl/), and run this again.",
    });
  });

  it("names the failure of the build", async () => {
    await assert.rejects(
      resolveEngine(silentProgress, sources({ hasGo: () => Promise.resolve(true) })),
      /the build from Go failed: go build failed: no space left on device\. Install the Pulumi CLI/,
    );
    assert.deepEqual(asked, ["download", "build"]);
  });
});
