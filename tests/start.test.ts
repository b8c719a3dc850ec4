import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** Runs a script in a process that loads `start.js` first, as Pulumi.yaml has it. */
function preloaded(script: string) {
  const words = ["--import", "./start.js", "--input-type=commonjs", "-e", script];
  return spawnSync(process.execPath, words, { cwd: root, encoding: "utf8" });
}

/** Runs a script once the program is started the way Pulumi's host starts it: with source-map-support in charge of stack traces. */
function afterStart(script: string): string {
  // There is no engine, so the program itself fails.
  const start = 'const { default: start } = await import("./start.js"); await start().catch(() => undefined);';
  const { stdout, stderr } = preloaded(
    `require("source-map-support/register"); (async () => { ${start} ${script} })()`,
  );
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

  it("fails when Node runs out of work before the program has ended", () => {
    const { status, stderr } = preloaded("new Promise(() => {})");
    assert.deepEqual(
      { status, stderr },
      {
        status: 1,
        stderr: "The program waits for something that never happens. The run stops before it deletes anything.\n",
      },
    );
  });

  it("leaves an error that nobody handles to Pulumi's host", () => {
    const { status, stderr } = preloaded('process.on("unhandledRejection", () => {}); Promise.reject(new Error("x"))');
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
  });

  it("keeps the lines of the TypeScript in them", () => {
    const stack = afterStart(
      `const { parseConfig } = await import("./program/config/index.ts"); try { parseConfig(null); } catch (error) { console.log(error.stack); }`,
    );
    assert.match(stack, /config\/index\.ts:\d+:\d+/);
  });
});
