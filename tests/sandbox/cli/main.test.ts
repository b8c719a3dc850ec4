import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

describe("the sandbox's command line", () => {
  for (const name of ["start", "stop", "status", "up", "preview", "refresh", "destroy", "login"]) {
    it(`refuses a word after ${name}`, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ["sandbox/cli/main.ts", name, "web"], {
        encoding: "utf8",
      });
      assert.deepEqual(
        [status, stdout, stderr],
        [
          2,
          "",
          `error: too many arguments for '${name}'. Expected 0 arguments but got 1: web.\n` +
            "Add --help for the options and for examples.\n",
        ],
      );
    });
  }
});
