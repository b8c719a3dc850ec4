import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** Runs a script after `start.js` was loaded as Pulumi's host loads it: with source-map-support in charge of stack traces. */
function afterStart(script: string): string {
  const code = `require("source-map-support/register"); import("./start.js").then(async () => { ${script} })`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=commonjs", "-e", code], {
    cwd: root,
    encoding: "utf8",
  });
  assert.equal(stderr, "");
  return stdout;
}

describe("the program's start", () => {
  it("leaves stack traces to Node, which needs no source maps for what it runs", () => {
    assert.equal(afterStart("console.log(typeof Error.prepareStackTrace)"), "undefined\n");
  });

  it("says which Node it needs where Node does not run TypeScript", () => {
    const code = `import("./start.js").catch(({ message }) => console.log(message))`;
    const { stdout } = spawnSync(process.execPath, ["--no-experimental-strip-types", "-e", code], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(
      stdout,
      `Node is ${process.version}; 22.18 or newer is needed, which runs TypeScript itself. It is the first node on the PATH that counts.\n`,
    );
  });

  it("keeps the lines of the TypeScript in them", () => {
    const stack = afterStart(
      `const { parseConfig } = await import("./config.ts"); try { parseConfig(null); } catch (error) { console.log(error.stack); }`,
    );
    assert.match(stack, /config\.ts:\d+:\d+/);
  });
});
