import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openCache } from "../../../cli/files/cacheFolder.ts";

describe("the cache of a call", () => {
  const io = { env: { BASTION_TRAIL_CACHE: "/own" }, cwd: "/project" };

  it("is the user's, or the folder that --cache names", () => {
    assert.equal(openCache({}, io), "/own");
    assert.equal(openCache({ cache: "here", noCache: false }, io), "/project/here");
    assert.equal(openCache({ cache: "/there" }, io), "/there");
  });

  it("is with --no-cache a folder of its own, for its owner only, that goes away with the process", () => {
    const module = JSON.stringify(join(import.meta.dirname, "../../../cli/files/cacheFolder.ts"));
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
      message: "--cache and --no-cache cannot be combined.",
    });
  });
});
