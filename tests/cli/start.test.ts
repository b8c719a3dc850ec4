import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { skip } from "../skip.ts";
import { cliBin } from "../cliBin.ts";

const clean = {
  ...process.env,
  NO_COLOR: "1",
  BASTION_TRAIL_OUTPUTS: "",
  PULUMI_STACK: "",
  ARM_METADATA_HOSTNAME: "127.0.0.1:1",
};

/** Modules that a call loads, by their packages; `.` for this project's own files. */
function loaded(...args: string[]): Map<string, number> {
  const folder = mkdtempSync(join(tmpdir(), "loaded-"));
  try {
    const hook = join(folder, "hook.mjs");
    writeFileSync(
      hook,
      `import { registerHooks } from "node:module";
       import { appendFileSync } from "node:fs";
       registerHooks({ load: (url, context, next) => {
         appendFileSync(${JSON.stringify(join(folder, "urls"))}, url + "\\n");
         return next(url, context);
       } });`,
    );
    spawnSync(process.execPath, ["--import", hook, cliBin, ...args], { env: clean, stdio: "ignore" });
    const urls = execFileSync("cat", [join(folder, "urls")], { encoding: "utf8" })
      .trim()
      .split("\n");
    const names = urls.map((url) =>
      url.startsWith("node:") ? "node" : (/\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? "."),
    );
    return new Map(names.map((name) => [name, names.filter((one) => one === name).length]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("a start of the CLI", () => {
  it("loads nothing but commander for help: no SDK of Azure's, no Pulumi, no DuckDB", () => {
    const packages = [...loaded("--help").keys()].filter((name) => ![".", "node"].includes(name));
    assert.deepEqual(packages, ["commander"]);
  });

  it("loads the same for the help of a command", () => {
    const packages = [...loaded("logs", "--help").keys()].filter((name) => ![".", "node"].includes(name));
    assert.deepEqual(packages, ["commander"]);
  });

  it("loads Azure's libraries only when Azure is called", () => {
    const libraries = (...args: string[]) => [...loaded(...args).keys()].filter((name) => name.startsWith("@azure/"));
    // Without a terminal and --yes, nothing is asked of Azure.
    assert.deepEqual(libraries("sessions", "kill", "all", "--reason", "r"), []);
    assert.ok(libraries("jit", "ls").includes("@azure/core-rest-pipeline"));
  });

  it("says in one line that a Node is too old", function () {
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        "-e",
        `Object.defineProperty(process.versions, "node", { value: "20.19.0" }); import(${JSON.stringify(cliBin)})`,
      ],
      { encoding: "utf8" },
    );
    assert.deepEqual(
      [status, stderr],
      [2, "error: This is Node 20.19.0. Run bastion-trail with Node 22.18 or newer.\n"],
    );
  });

  it("says in one line that its folder was deleted", function () {
    if (process.platform === "win32") return skip(this, "A folder in use cannot be deleted there.");
    const folder = mkdtempSync(join(tmpdir(), "deleted-"));
    const script = `cd "${folder}" && rmdir "${folder}" && exec "$0" "$@"`;
    const { status, stderr } = spawnSync("sh", ["-c", script, process.execPath, cliBin, "use"], {
      env: clean,
      encoding: "utf8",
    });
    assert.equal(stderr, "error: The current folder does not exist any more. Change to another one.\n");
    assert.equal(status, 2);
  });

  it("writes no colours to a pipe", () => {
    const env = { ...clean, NO_COLOR: undefined, FORCE_COLOR: undefined };
    const { stdout, stderr } = spawnSync(process.execPath, [cliBin, "nonsense"], { env, encoding: "utf8" });
    assert.ok(!`${stdout}${stderr}`.includes("\u001B"));
  });

  it("takes NO_COLOR for the stronger one, without a warning of Node", () => {
    const env = { ...clean, FORCE_COLOR: "1" };
    const { stdout, stderr } = spawnSync(process.execPath, [cliBin, "--version"], { env, encoding: "utf8" });
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    assert.equal(stderr, "");
  });

  for (const [reader, script, message] of [
    ["has closed the pipe", `(sleep 0.2; "$0" "$1" logs --help; echo "exit code $?" >&2) | true`, ""],
    [
      "has no room left",
      `"$0" "$1" logs --help > /dev/full; echo "exit code $?" >&2`,
      "error: Cannot write the result: ENOSPC: no space left on device, write.\n",
    ],
  ] as const) {
    it(`fails when what it writes to ${reader}`, function () {
      if (!existsSync("/dev/full")) skip(this, "needs /dev/full");
      const { stderr } = spawnSync("sh", ["-c", script, process.execPath, cliBin], { env: clean, encoding: "utf8" });
      assert.equal(stderr, `${message}exit code 2\n`);
    });
  }
});
