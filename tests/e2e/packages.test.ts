import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { TestSandbox } from "./harness.ts";
import { startNodeLanguageHost } from "./nodeLanguageHost.ts";
import { exampleFolder, PulumiProject } from "./pulumiProject.ts";

const root = join(import.meta.dirname, "../..");
const published = ["core", "components", "policies", "program", "cli"] as const;
type Published = (typeof published)[number];

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

describe("the published packages", () => {
  let folder: string;
  let packed: Record<Published, Packed>;
  /** The Node that runs this test first, as in a place where only that one is installed. */
  const env = { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) };
  const npm = (cwd: string, ...args: string[]) => execFileSync("npm", args, { cwd, env, encoding: "utf8" });

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "packages-"));
    const clone = join(folder, "clone");
    copyClone(clone);
    packed = Object.fromEntries(published.map((name) => [name, pack(name)])) as Record<Published, Packed>;
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** What packing needs of the clone: it puts other manifests in place, which other tests must not come upon. */
  function copyClone(clone: string): void {
    for (const name of [...published, "tools", "tsconfig.json", "tsconfig.package.json", "LICENSE"]) {
      cpSync(join(root, name), join(clone, name), { recursive: true, filter: (path) => !path.endsWith("dist") });
    }
    const modules = join(clone, "node_modules");
    mkdirSync(join(modules, "@bastion-trail"), { recursive: true });
    for (const name of readdirSync(join(root, "node_modules"))) {
      if (name !== "@bastion-trail" && name !== "bastion-trail") {
        symlinkSync(join(root, "node_modules", name), join(modules, name));
      }
    }
    symlinkSync(join(clone, "core"), join(modules, "@bastion-trail/core"));
    symlinkSync(join(clone, "components"), join(modules, "@bastion-trail/components"));
    symlinkSync(join(clone, "policies"), join(modules, "@bastion-trail/policies"));
    symlinkSync(join(clone, "program"), join(modules, "@bastion-trail/program"));
  }

  function pack(name: Published): Packed {
    const args = ["pack", "--json", "--pack-destination", folder];
    const [one] = JSON.parse(npm(join(folder, "clone", name), ...args)) as [Packed];
    return one;
  }

  const tarball = (name: Published) => join(folder, packed[name].filename);

  /** An empty project in which packages are installed from their tarballs. */
  function project(name: string, manifest: object, ...packages: string[]): string {
    const path = join(folder, name);
    mkdirSync(path);
    writeFileSync(join(path, "package.json"), JSON.stringify({ name, private: true, ...manifest }));
    npm(path, "install", "--prefer-offline", "--no-audit", "--no-fund", ...packages);
    return path;
  }

  const manifestOf = (path: string) => JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as Manifest;

  for (const name of published) {
    it(`${name} ships JavaScript with its types, and nothing that only a clone needs`, () => {
      const paths = packed[name].files.map(({ path }) => path);
      const expected =
        /^(bin|dist|roles)\/|\.(kql|sql)$|^(package\.json|README\.md|LICENSE|PulumiPlugin\.yaml|PulumiPolicy\.yaml|plugin\.js|start\.js|start\.d\.ts)$/;
      assert.deepEqual(
        paths.filter((path) => !expected.test(path) || /(?<!\.d)\.ts$|\.tsbuildinfo$/.test(path)),
        [],
      );
      assert.ok(paths.includes("README.md") && paths.includes("LICENSE"), paths.join());
    });

    it(`${name} passes publint`, async () => {
      const path = unpacked(name);
      const { messages } = await publint({ pkgDir: path, pack: false, strict: true });
      const pkg = manifestOf(path);
      assert.deepEqual(
        messages.map((message) => formatMessage(message, pkg, { color: false })),
        [],
      );
    });

    it(`${name} has types that are right for programs in ESM`, () => {
      const attw = createRequire(import.meta.url).resolve("@arethetypeswrong/cli/package.json");
      const args = [join(dirname(attw), "dist/index.js"), tarball(name), "--profile", "esm-only", "--no-color"];
      const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
      assert.equal(status, 0, stdout);
    });

    it(`${name} has no link in its README that leads nowhere`, () => {
      const path = unpacked(name);
      const readme = readFileSync(join(path, "README.md"), "utf8");
      const paths = packed[name].files.map((file) => file.path);
      const local = [...readme.matchAll(/\]\((?!https:|#)([^)#]+)[^)]*\)/g)].map(([, link]) => link!);
      assert.deepEqual(
        local.filter((link) => !paths.includes(link)),
        [],
      );
    });
  }

  function unpacked(name: Published): string {
    const path = join(folder, `unpacked-${name}`);
    mkdirSync(path, { recursive: true });
    execFileSync("tar", ["xzf", tarball(name), "-C", path]);
    return join(path, "package");
  }

  describe("the components", () => {
    let path: string;
    const program = `
      import { BastionHost, BastionSku } from "@bastion-trail/components";
      import { resourceLink } from "@bastion-trail/core/links";
      console.log(typeof BastionHost, BastionSku.Basic, typeof resourceLink);
    `;

    before(() => {
      const { devDependencies } = manifestOf(root) as { devDependencies: Record<string, string> };
      const typescript = `typescript@${devDependencies.typescript}`;
      path = project("user", {}, tarball("core"), tarball("components"), typescript, "@types/node@24");
    });

    it("bring nothing but Pulumi's own packages", () => {
      const { dependencies = {} } = manifestOf(join(path, "node_modules/@bastion-trail/components"));
      const foreign = Object.keys(dependencies).filter((name) => !/^@(pulumi|bastion-trail)\//.test(name));
      assert.deepEqual(foreign, []);
      assert.equal(manifestOf(join(path, "node_modules/@bastion-trail/core")).dependencies, undefined);
    });

    it("work in a program in ESM", () => {
      writeFileSync(join(path, "program.mjs"), program);
      assert.equal(
        execFileSync(process.execPath, ["program.mjs"], { cwd: path, env, encoding: "utf8" }),
        "function Basic function\n",
      );
    });

    it("work in a CommonJS program that Pulumi's ts-node compiles and checks", () => {
      writeFileSync(join(path, "index.ts"), program);
      const compilerOptions = {
        module: "nodenext",
        moduleResolution: "nodenext",
        target: "es2022",
        strict: true,
        skipLibCheck: true,
      };
      writeFileSync(join(path, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
      const tsNode =
        'require("@pulumi/pulumi/vendor/ts-node@7.0.1").register({ compiler: require.resolve("typescript") });';
      assert.equal(
        execFileSync(process.execPath, ["-e", `${tsNode} require("./index.ts");`], {
          cwd: path,
          env,
          encoding: "utf8",
        }),
        "function Basic function\n",
      );
    });

    it("leave a stack as it is that an earlier version deployed", async () => {
      const example = join(path, "minimal");
      cpSync(exampleFolder("minimal"), example, { recursive: true });
      const sandbox = await TestSandbox.start();
      const host = await startNodeLanguageHost({ ...env, ...sandbox.environment() });
      try {
        const project = await PulumiProject.open(example, sandbox, { languages: { nodejs: host.port } });
        await project.up();
        npm(path, "install", "--prefer-offline", "--no-audit", "--no-fund", ...nextVersion());
        assert.equal(manifestOf(join(path, "node_modules/@bastion-trail/components")).version, next);
        assert.deepEqual(Object.keys(await project.preview()), ["same"]);
      } finally {
        host.close();
        await sandbox.end();
      }
    });

    const next = "99.0.0";

    /** The packages with a higher version, as the next release packs them. @returns their tarballs. */
    function nextVersion(): string[] {
      return (["core", "components"] as const).map((name) => {
        const file = join(folder, "clone", name, "package.json");
        const { version, ...manifest } = manifestOf(join(folder, "clone", name));
        const dependencies = Object.entries(manifest.dependencies ?? {}).map(
          ([other, range]) => [other, other === "@bastion-trail/core" ? next : range] as const,
        );
        assert.notEqual(version, next);
        writeFileSync(
          file,
          JSON.stringify({ ...manifest, version: next, dependencies: Object.fromEntries(dependencies) }),
        );
        return join(folder, pack(name).filename);
      });
    }
  });

  describe("the CLI", () => {
    let path: string;

    before(() => {
      path = project("operator", { type: "module" }, tarball("core"), tarball("cli"));
    });

    function run(...args: string[]) {
      const bin = join(path, "node_modules/.bin/bastion-trail");
      const { status, stdout, stderr } = spawnSync(bin, args, { cwd: path, env, encoding: "utf8" });
      return { status, stdout, stderr };
    }

    it("brings nothing of Pulumi", () => {
      assert.deepEqual(
        readdirSync(join(path, "node_modules")).filter((name) => name === "@pulumi"),
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
      const blobs = join(path, "blobs");
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
  });
});
