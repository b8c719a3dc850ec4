import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

const root = join(import.meta.dirname, "../..");

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

describe("the package", () => {
  let folder: string;
  let packed: Packed;
  /** The Node that runs this test first, as in a place where only that one is installed. */
  const env = { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "package-"));
    const npm = (cwd: string, ...args: string[]) => execFileSync("npm", args, { cwd, env, encoding: "utf8" });
    [packed] = JSON.parse(npm(root, "pack", "--json", "--pack-destination", folder)) as [Packed];
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
    npm(folder, "install", "--prefer-offline", "--no-audit", "--no-fund", join(folder, packed.filename));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function run(...args: string[]) {
    const bin = join(folder, "node_modules/.bin/bastion-trail");
    const { status, stdout, stderr } = spawnSync(bin, args, { cwd: folder, env, encoding: "utf8" });
    return { status, stdout, stderr };
  }

  it("ships JavaScript with its types, and nothing that only a clone needs", () => {
    const paths = packed.files.map(({ path }) => path);
    const foreign = paths.filter((path) => !/^(bin|dist|docs)\/|^(package\.json|README\.md|LICENSE)$/.test(path));
    assert.deepEqual(foreign, []);
    assert.deepEqual(
      paths.filter((path) => /(?<!\.d)\.ts$/.test(path) || /^dist\/(sandbox|tests)\//.test(path)),
      [],
    );
  });

  it("runs every command's help", () => {
    assert.match(run("--version").stdout, /^\d+\.\d+\.\d+\n$/);
    for (const command of ["logs", "sessions ls", "jit request", "connect"]) {
      const { status, stdout, stderr } = run(...command.split(" "), "--help");
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, /^Examples:\n/m);
    }
  });

  it("folds logs", () => {
    const blobs = join(folder, "blobs");
    mkdirSync(blobs);
    const record = {
      time: "2026-05-04T10:00:00.000Z",
      category: "BastionAuditLogs",
      operationName: "Microsoft.Network/BastionHost/connect",
      properties: { userName: "ada", message: "Successfully Connected.", tunnelId: "t1", protocol: "ssh" },
    };
    writeFileSync(join(blobs, "PT1H.json"), `${JSON.stringify(record)}\n`);
    const { status, stdout, stderr } = run("logs", "--source", "blobs", "--json");
    assert.deepEqual([status, stderr], [0, ""]);
    const { sessions } = JSON.parse(stdout) as { sessions: { tunnelId: string; account: string; outcome: string }[] };
    assert.deepEqual(
      sessions.map(({ tunnelId, account, outcome }) => [tunnelId, account, outcome]),
      [["t1", "ada", "connected"]],
    );
  });

  it("gives a program its components and links", () => {
    writeFileSync(
      join(folder, "program.js"),
      `import { BastionHost, BastionSku } from "bastion-trail";
       import { resourceLink } from "bastion-trail/links";
       console.log(typeof BastionHost, BastionSku.Basic, typeof resourceLink);`,
    );
    const printed = execFileSync(process.execPath, ["program.js"], { cwd: folder, env, encoding: "utf8" });
    assert.equal(printed, "function Basic function\n");
  });
});
