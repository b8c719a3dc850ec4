import assert from "node:assert/strict";
import { homedir } from "node:os";
import { cacheFolder } from "../../cli/cacheFolder.ts";

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
