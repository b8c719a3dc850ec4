import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { cacheFolder, openCache } from "../../cli/cacheFolder.ts";

describe("the cache's folder", () => {
  for (const [platform, env, folder] of [
    ["linux", {}, `${homedir()}/.cache/bastion-trail`],
    ["linux", { XDG_CACHE_HOME: "/var/xdg" }, "/var/xdg/bastion-trail"],
    ["linux", { XDG_CACHE_HOME: "" }, `${homedir()}/.cache/bastion-trail`],
    ["darwin", { XDG_CACHE_HOME: "/var/xdg" }, `${homedir()}/Library/Caches/bastion-trail`],
    ["win32", { LOCALAPPDATA: "C:/Local" }, "C:/Local/bastion-trail"],
    ["linux", { BASTION_TRAIL_CACHE: "/own", XDG_CACHE_HOME: "/var/xdg" }, "/own"],
  ] as const) {
    it(`is ${folder} on ${platform} with ${JSON.stringify(env)}`, () => {
      assert.equal(cacheFolder(env, platform), folder);
    });
  }
});

describe("the cache of a call", () => {
  const io = { env: { BASTION_TRAIL_CACHE: "/own" }, cwd: "/project" };

  it("is the user's, or the folder that --cache names", () => {
    assert.equal(openCache({}, io), "/own");
    assert.equal(openCache({ cache: "here", noCache: false }, io), "/project/here");
    assert.equal(openCache({ cache: "/there" }, io), "/there");
  });

  it("is with --no-cache a folder of its own, for its owner only, that goes away with the process", () => {
    const module = JSON.stringify(join(import.meta.dirname, "../../cli/cacheFolder.ts"));
    const script = `import { openCache } from ${module}; import { statSync } from "node:fs";
      const folder = openCache({ noCache: true }, { env: {}, cwd: "/" });
      console.log(JSON.stringify({ folder, mode: statSync(folder).mode & 0o777 }));`;
    const said = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
    const { folder, mode } = JSON.parse(said) as { folder: string; mode: number };
    assert.equal(mode, 0o700);
    assert.equal(existsSync(folder), false);
  });

  it("cannot be both", () => {
    assert.throws(() => openCache({ cache: "x", noCache: true }, io), {
      message: "--cache and --no-cache exclude each other.",
    });
  });
});
