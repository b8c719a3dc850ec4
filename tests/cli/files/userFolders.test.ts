import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { cacheFolder } from "../../../cli/files/cacheFolder.ts";
import { stateFolder } from "../../../cli/files/stateFolder.ts";
import { skip } from "../../skip.ts";

/** The folders that a process with these variables uses. */
function foldersWith(env: Readonly<Record<string, string>>): unknown {
  const source = (name: string) => JSON.stringify(join(import.meta.dirname, "../../../cli/files", name));
  const script = `import { cacheFolder } from ${source("cacheFolder.ts")}; import { stateFolder } from ${source("stateFolder.ts")};
    console.log(JSON.stringify([cacheFolder(process.env), stateFolder(process.env)]));`;
  const args = ["--input-type=module", "--eval", script];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", env: { HOME: "/home/ada", ...env } }));
}

describe("the folders of a person", () => {
  it("are the ones that the environment names", () => {
    assert.equal(cacheFolder({ BASTION_TRAIL_CACHE: "/own" }), "/own");
    assert.equal(stateFolder({ BASTION_TRAIL_STATE: "/own" }), "/own");
  });

  it("are the platform's by default: a cache that may be deleted, and data that may not", function () {
    if (process.platform !== "linux") skip(this, "names the folders of Linux");
    const unset = { BASTION_TRAIL_CACHE: "", BASTION_TRAIL_STATE: "", XDG_CACHE_HOME: "", XDG_DATA_HOME: "" };
    assert.deepEqual(foldersWith(unset), ["/home/ada/.cache/bastion-trail", "/home/ada/.local/share/bastion-trail"]);
    const xdg = { XDG_CACHE_HOME: "/var/cache/ada", XDG_DATA_HOME: "/var/data/ada" };
    assert.deepEqual(foldersWith(xdg), ["/var/cache/ada/bastion-trail", "/var/data/ada/bastion-trail"]);
  });
});
