import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeProfiles } from "../../cli/settings/profiles.ts";
import { rememberNames } from "../../cli/seenNames.ts";
import { commands } from "../../cli/commands/index.ts";
import { cliBin } from "../cliBin.ts";
import { forSuite, temporaryFolder } from "../held.ts";

describe("shell completion", () => {
  const cwd = forSuite(temporaryFolder);
  before(() => {
    mkdirSync(join(cwd.path, "blobs"));
    mkdirSync(join(cwd.path, ".hidden"));
    writeFileSync(join(cwd.path, "outputs.json"), "{}");
  });

  /** What is offered, with its hint. */
  function hinted(words: readonly string[], env: NodeJS.ProcessEnv = process.env): string[][] {
    const text = execFileSync(process.execPath, [cliBin, "complete", "--", ...words], {
      cwd: cwd.path,
      env,
      encoding: "utf8",
    });
    const lines = text.trimEnd().split("\n");
    assert.match(lines.pop() ?? "", /^:\d+$/);
    return lines.map((line) => line.replace(/\t$/, "").split("\t"));
  }
  const offered = (...words: string[]) => hinted(words).map(([word = ""]) => word);

  it("offers every command, including the second word of those that have two", () => {
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

  it("offers the values of options and operands", () => {
    assert.deepEqual(offered("logs", "--outcome", ""), ["connected", "failed", "unknown"]);
    assert.deepEqual(offered("logs", "--outcome", "f"), ["failed"]);
    assert.deepEqual(offered("logs", "--source", ""), ["archive", "workspace", "blobs"]);
    assert.deepEqual(offered("logs", "--outputs", ""), ["outputs.json"]);
    assert.deepEqual(offered("complete", ""), ["bash", "zsh", "fish", "powershell"]);
  });

  describe("of names that commands have seen", () => {
    const place = () => ({
      cwd: cwd.path,
      env: { BASTION_TRAIL_CACHE: join(cwd.path, "cache") },
      now: () => new Date(),
    });
    const env = () => ({ ...process.env, ...place().env });
    const id = "7e1c52ab-4f0e-4a55-9a52-0d3b2f1c8a10";
    before(async () => {
      await rememberNames("vm", [{ name: "web", hint: "" }], {}, place());
      await rememberNames("session", [{ name: id, hint: "ada@example.com on web" }], {}, place());
      writeFileSync(
        join(cwd.path, "stack.json"),
        JSON.stringify({ vms: [{ name: "db" }, { name: "db" }, { name: "--evil" }] }),
      );
    });

    it("offers VMs to every command that takes one", () => {
      for (const words of [
        ["connect"],
        ["jit", "request"],
        ["jit", "request", "web"],
        ["jit", "revoke"],
        ["jit", "ls", "--vm"],
        ["sessions", "ls", "--vm"],
        ["sessions", "kill", "--vm"],
        ["logs", "--vm"],
        ["activity", "--vm"],
      ]) {
        assert.deepEqual(hinted([...words, ""], env()), [["web"]], words.join(" "));
      }
      assert.deepEqual(hinted(["connect", "x"], env()), []);
    });

    it("offers the VMs of an outputs file, and only those of that deployment", async () => {
      assert.deepEqual(hinted(["connect", "--outputs", "stack.json", ""], env()), [["db"]]);
      assert.deepEqual(hinted(["connect", "--outputs=stack.json", ""], env()), [["db"]]);
      assert.deepEqual(hinted(["connect", "--outputs", "=", "stack.json", ""], env()), [["db"]]);
      assert.deepEqual(hinted(["jit", "ls", "--vm", "="], env()), [["web"]]);
      const variables = { ...env(), BASTION_TRAIL_OUTPUTS: join(cwd.path, "stack.json") };
      assert.deepEqual(hinted(["connect", ""], variables), [["db"]]);
      await rememberNames("vm", [{ name: "seen", hint: "" }], { outputs: "stack.json" }, place());
      assert.deepEqual(hinted(["connect", "--outputs", "stack.json", ""], env()), [["db"], ["seen"]]);
    });

    it("offers profiles, and the VMs of the one that is typed", async () => {
      const state = { ...env(), BASTION_TRAIL_STATE: join(cwd.path, "state") };
      const vms = [{ name: "prod-vm", id: "/vm", privateIp: "", jitPolicyId: "" }];
      await writeProfiles(state, { used: null, profiles: [{ name: "prod", from: "", savedAt: "", values: { vms } }] });
      assert.deepEqual(hinted(["use", ""], state), [["prod"]]);
      assert.deepEqual(hinted(["connect", "--profile", ""], state), [["prod"]]);
      assert.deepEqual(hinted(["connect", "--profile", "prod", ""], state), [["prod-vm"]]);
    });

    it("offers open sessions with who and where", () => {
      assert.deepEqual(hinted(["sessions", "kill", "7e"], env()), [[id, "ada@example.com on web"]]);
    });
  });

  for (const shell of ["bash", "zsh", "fish", "powershell"]) {
    it(`has a script for ${shell}`, function () {
      const script = execFileSync(process.execPath, [cliBin, "complete", shell], { encoding: "utf8" });
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
      const path = join(cwd.path, "path");
      mkdirSync(path);
      writeFileSync(join(path, "bastion-trail"), `#!/bin/sh\nexec "${process.execPath}" "${cliBin}" "$@"\n`, {
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
      return execFileSync("bash", ["-c", asked, "bash", ...words], { env, cwd: cwd.path, encoding: "utf8" }).trimEnd();
    }

    it("offers what the program offers", () => {
      assert.equal(completed(["logs", "--outcome", "f"]), "failed");
      assert.equal(completed(["logs", "--outcome", ""]), "connected failed unknown");
    });

    it("runs nothing that is being typed", () => {
      completed(["logs", "$(touch typed)", ""]);
      completed(["logs", "`touch typed`", "--outc"]);
      assert.ok(!existsSync(join(cwd.path, "typed")));
    });
  });
});
