import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands } from "../../cli/commands/index.ts";

const bin = join(import.meta.dirname, "../../bin/bastion-trail.js");

describe("shell completion", () => {
  let cwd: string;
  before(() => {
    cwd = mkdtempSync(join(tmpdir(), "completion-"));
    mkdirSync(join(cwd, "blobs"));
    mkdirSync(join(cwd, ".hidden"));
    writeFileSync(join(cwd, "outputs.json"), "{}");
  });
  after(() => {
    rmSync(cwd, { recursive: true });
  });

  function offered(...words: string[]): string[] {
    const text = execFileSync(process.execPath, [bin, "complete", "--", ...words], { cwd, encoding: "utf8" });
    const lines = text.trimEnd().split("\n");
    assert.match(lines.pop() ?? "", /^:\d+$/);
    return lines.map((line) => line.split("\t")[0] ?? "");
  }

  it("offers every command, also the second word of those that have two", () => {
    assert.deepEqual(new Set(offered("")), new Set(commands.map(({ name }) => name.split(" ")[0])));
    for (const { name } of commands.filter(({ name }) => name.includes(" "))) {
      const [group = "", second = ""] = name.split(" ");
      assert.ok(offered(group, "").includes(second), name);
    }
  });

  it("offers every option of a command", () => {
    for (const { name, options } of commands) {
      const expected = Object.values(options).map(({ flags }) => /--[\w-]+/.exec(flags)?.[0] ?? "");
      assert.deepEqual(expected.length === 0 ? [] : offered(...name.split(" "), "--"), expected, name);
    }
  }).timeout(60_000);

  it("offers what an option or operand can be", () => {
    assert.deepEqual(offered("logs", "--outcome", ""), ["connected", "failed", "unknown"]);
    assert.deepEqual(offered("logs", "--outcome", "f"), ["failed"]);
    assert.deepEqual(offered("logs", "--source", ""), ["archive", "workspace", "blobs"]);
    assert.deepEqual(offered("logs", "--outputs", ""), ["outputs.json"]);
    assert.deepEqual(offered("complete", ""), ["bash", "zsh", "fish", "powershell"]);
  });

  for (const shell of ["bash", "zsh", "fish", "powershell"]) {
    it(`has a script for ${shell}`, function () {
      const script = execFileSync(process.execPath, [bin, "complete", shell], { encoding: "utf8" });
      assert.ok(script.includes("bastion-trail"));
      const check = { bash: ["bash", "-n"], zsh: ["zsh", "-n"], fish: ["fish", "--no-execute"] }[shell];
      if (check === undefined) return;
      const [command = "", ...args] = check;
      const { error, status, stderr } = spawnSync(command, args, { input: script, encoding: "utf8" });
      // A shell that is not installed cannot say whether it understands the script.
      if (error === undefined) assert.deepEqual([status, stderr], [0, ""]);
    });
  }

  describe("in bash", () => {
    let env: NodeJS.ProcessEnv;
    before(() => {
      const path = join(cwd, "path");
      mkdirSync(path);
      writeFileSync(join(path, "bastion-trail"), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`, {
        mode: 0o755,
      });
      env = { ...process.env, PATH: `${path}:${process.env.PATH ?? ""}` };
    });

    /** What bash offers for the last of the words. */
    function completed(words: readonly string[]): string {
      const asked = `
        set -eu
        source <(bastion-trail complete bash) && source <(bastion-trail complete bash)
        COMP_WORDS=(bastion-trail "$@") COMP_CWORD=$#
        eval "$(complete -p bastion-trail | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
        printf '%s ' "\${COMPREPLY[@]}"`;
      return execFileSync("bash", ["-c", asked, "bash", ...words], { env, cwd, encoding: "utf8" }).trimEnd();
    }

    it("offers what the program offers", () => {
      assert.equal(completed(["logs", "--outcome", "f"]), "failed");
      assert.equal(completed(["logs", "--outcome", ""]), "connected failed unknown");
    });

    it("runs nothing that is being typed", () => {
      completed(["logs", "$(touch typed)", ""]);
      completed(["logs", "`touch typed`", "--outc"]);
      assert.ok(!existsSync(join(cwd, "typed")));
    });
  });
});
