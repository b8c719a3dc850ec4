import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { forSuite } from "../held.ts";
import { TestSandbox } from "./harness.ts";
import { startNodeLanguageHost } from "./nodeLanguageHost.ts";
import { PackedPackages, published, type Published } from "./packedPackages.ts";
import { exampleFolder, PulumiProject } from "./pulumiProject.ts";

const root = join(import.meta.dirname, "../..");
interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

describe("the published packages", () => {
  const packages = forSuite(() => new PackedPackages());

  const manifestOf = (path: string) => JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as Manifest;

  for (const name of published) {
    it(`${name} ships JavaScript with its types, and nothing that only a clone needs`, () => {
      const paths = packages.paths(name);
      const expected =
        /^(bin|dist|roles)\/|\.(kql|sql)$|^(package\.json|README\.md|LICENSE|PulumiPlugin\.yaml|Pulumi(?:Policy)?\.yaml|plugin\.js|start\.js|start\.d\.ts)$/;
      assert.deepEqual(
        paths.filter((path) => !expected.test(path) || /(?<!\.d)\.ts$|\.tsbuildinfo$/.test(notCopied(path))),
        [],
      );
      assert.ok(paths.includes("README.md") && paths.includes("LICENSE"), paths.join());
    });

    /** What `init` copies is somebody's own program, which Node runs. */
    const notCopied = (path: string) => path.replace(/^dist\/scaffold\/.*/, "");

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
      const args = [
        join(dirname(attw), "dist/index.js"),
        packages.tarball(name),
        "--profile",
        "esm-only",
        "--no-color",
      ];
      const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
      assert.equal(status, 0, stdout);
    });

    it(`${name} has no link in its README that leads nowhere`, () => {
      const path = unpacked(name);
      const readme = readFileSync(join(path, "README.md"), "utf8");
      const paths = packages.paths(name);
      const local = [...readme.matchAll(/\]\((?!https:|#)([^)#]+)[^)]*\)/g)].map(([, link]) => link!);
      assert.deepEqual(
        local.filter((link) => !paths.includes(link)),
        [],
      );
    });
  }

  function unpacked(name: Published): string {
    const path = join(packages.folder, `unpacked-${name}`);
    mkdirSync(path, { recursive: true });
    execFileSync("tar", ["xzf", packages.tarball(name), "-C", path]);
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
      path = packages.project(
        "user",
        {},
        packages.tarball("core"),
        packages.tarball("components"),
        typescript,
        "@types/node@24",
      );
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
        execFileSync(process.execPath, ["program.mjs"], { cwd: path, env: packages.env, encoding: "utf8" }),
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
          env: packages.env,
          encoding: "utf8",
        }),
        "function Basic function\n",
      );
    });

    it("leave a stack as it is that an earlier version deployed", async () => {
      const example = join(path, "minimal");
      cpSync(exampleFolder("minimal"), example, { recursive: true });
      const sandbox = await TestSandbox.start();
      const host = await startNodeLanguageHost({ ...packages.env, ...sandbox.environment() });
      try {
        const project = await PulumiProject.open(example, sandbox, { languages: { nodejs: host.port } });
        await project.up();
        packages.install(path, ...nextVersion());
        assert.equal(manifestOf(join(path, "node_modules/@bastion-trail/components")).version, next);
        assert.deepEqual(Object.keys(await project.preview()), ["same"]);
      } finally {
        host.remove();
        await sandbox.remove();
      }
    });

    const next = "99.0.0";

    /** The packages with a higher version, as the next release packs them. @returns their tarballs. */
    function nextVersion(): string[] {
      return (["core", "components"] as const).map((name) => {
        const file = join(packages.clone, name, "package.json");
        const { version, ...manifest } = manifestOf(join(packages.clone, name));
        const dependencies = Object.entries(manifest.dependencies ?? {}).map(
          ([other, range]) => [other, other === "@bastion-trail/core" ? next : range] as const,
        );
        assert.notEqual(version, next);
        writeFileSync(
          file,
          JSON.stringify({ ...manifest, version: next, dependencies: Object.fromEntries(dependencies) }),
        );
        return join(packages.folder, packages.pack(name).filename);
      });
    }
  });

  describe("the CLI", () => {
    let path: string;

    before(() => {
      path = packages.project("operator", { type: "module" }, packages.tarball("core"), packages.tarball("cli"));
    });

    function run(...args: string[]) {
      const bin = join(path, "node_modules/.bin/bastion-trail");
      const { status, stdout, stderr } = spawnSync(bin, args, { cwd: path, env: packages.env, encoding: "utf8" });
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
