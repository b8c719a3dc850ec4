import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { init } from "../../../../cli/commands/init/command.ts";
import { runProgram } from "../../../../cli/program.ts";
import { fakeIo } from "../../fakeIo.ts";
import { forEachTest, temporaryFolder } from "../../../held.ts";

const root = join(import.meta.dirname, "../../../..");
const common = ["package.json", "index.ts", "start.js", "tsconfig.json", ".gitignore", "README.md"];
const west = ["--location", "westeurope"];

describe("init", () => {
  const folder = forEachTest(temporaryFolder);

  const run = (words: readonly string[], io = fakeIo({ cwd: folder.path })) =>
    runProgram(["init", ...words], io, { commands: [init], groups: {}, version: "0" });

  async function succeed(...words: string[]): Promise<{ stdout: string; stderr: string }> {
    const io = fakeIo({ cwd: folder.path });
    assert.equal(await run(words, io), 0, io.written.stderr);
    return io.written;
  }

  async function refused(...words: string[]): Promise<string> {
    const io = fakeIo({ cwd: folder.path });
    assert.equal(await run(words, io), 2);
    assert.equal(io.written.stdout, "");
    return io.written.stderr;
  }

  const text = (name: string) => readFileSync(join(folder.path, name), "utf8");
  const files = () =>
    readdirSync(folder.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.path.length + 1))
      .sort();

  describe("in an empty folder", () => {
    it("writes the program, its project files, the pipelines and the config of one stack", async () => {
      const { stdout, stderr } = await succeed(...west, "--vm", "web");
      assert.equal(
        stdout,
        `FILE                           STATE
Pulumi.dev.yaml                created
package.json                   created
index.ts                       created
start.js                       created
tsconfig.json                  created
.gitignore                     created
README.md                      created
.github/workflows/deploy.yml   created
.github/workflows/nightly.yml  created
Pulumi.yaml                    created
`,
      );
      assert.equal(
        stderr,
        `
Next:
  npm install
  az login && export ARM_SUBSCRIPTION_ID=<subscription>
  npx bastion-trail bootstrap --stack dev --location westeurope  # state, secrets key, pipelines
  pulumi stack init dev && pulumi up  # after bootstrap: run the command that it prints instead
`,
      );
      const workflows = [".github/workflows/deploy.yml", ".github/workflows/nightly.yml"];
      assert.deepEqual(files(), [...common, ...workflows, "Pulumi.dev.yaml", "Pulumi.yaml"].sort());
    });

    it("writes the program and the pipelines as this repository has them", async () => {
      await succeed(...west);
      for (const name of ["index.ts", "start.js", "Pulumi.yaml", ".github/workflows/deploy.yml"]) {
        assert.equal(text(name), readFileSync(join(root, name), "utf8"), name);
      }
    });

    it("names in package.json what the program imports and the pipelines call, with a range of versions each", async () => {
      await succeed(...west);
      const manifest = JSON.parse(text("package.json")) as { dependencies: object };
      assert.deepEqual(manifest, {
        private: true,
        type: "module",
        engines: { node: ">=22.18" },
        scripts: { typecheck: "tsc --noEmit" },
        dependencies: {
          "@bastion-trail/bootstrap": "^0.1.0",
          "@bastion-trail/components": "^0.1.0",
          "@bastion-trail/policies": "^0.1.0",
          "@bastion-trail/program": "^0.1.0",
          "@pulumi/azure-native": "^3.28.0",
          "@pulumi/pulumi": "^3.259.0",
          "bastion-trail": "^0.1.0",
        },
        devDependencies: { "@types/node": "^24.19.2", typescript: "^5.9.3" },
      });
      const imported = [...text("index.ts").matchAll(/from "((?:@[^/]+\/)?[^/"]+)/g)].map(([, name]) => name!);
      assert.deepEqual(
        imported.filter((name) => !(name in manifest.dependencies)),
        [],
      );
    });

    it("writes Azure Pipelines in place of GitHub's workflows", async () => {
      await succeed(...west, "--ci", "azure");
      assert.equal(text("azure-pipelines.yml"), readFileSync(join(root, "ci/azure-pipelines.yml"), "utf8"));
      assert.equal(existsSync(join(folder.path, ".github")), false);
    });

    it("writes no pipelines on request", async () => {
      await succeed(...west, "--ci", "none");
      assert.deepEqual(files(), [...common, "Pulumi.dev.yaml", "Pulumi.yaml"].sort());
    });

    it("shows what it would write, and writes nothing", async () => {
      const { stdout } = await succeed(...west, "--dry-run", "--json", "--ci", "none");
      assert.deepEqual(JSON.parse(stdout), {
        dryRun: true,
        files: ["Pulumi.dev.yaml", ...common, "Pulumi.yaml"].map((file) => ({ file, state: "to create" })),
        next: [
          "npm install",
          "az login && export ARM_SUBSCRIPTION_ID=<subscription>",
          "npx bastion-trail bootstrap --stack dev --location westeurope  # state, secrets key, pipelines",
          "pulumi stack init dev && pulumi up  # after bootstrap: run the command that it prints instead",
        ],
      });
      assert.deepEqual(files(), []);
    });

    it("reports all problems together, in the words of the deployment, before it writes", async () => {
      const vms = ["-x", "web", "WEB"].flatMap((name) => ["--vm", name]);
      assert.equal(
        await refused("--location", "West Europe", "--sku", "Gold", ...vms, "--ci", "x"),
        'error: bastion-trail:location is "West Europe"; must be the short name of an Azure region, such as "westeurope" (did you mean westeurope?). Correct --location.\n' +
          'error: bastion-trail:bastionSku is "Gold"; must be one of Developer, Basic, Standard, Premium. Correct --sku.\n' +
          'error: bastion-trail:vms[0].name is "-x"; must be letters, digits and hyphens, starting and ending with a letter or digit. Correct --vm.\n' +
          'error: bastion-trail:vms[2].name is "WEB"; vms[1] already has this name. Correct --vm.\n' +
          'error: --ci is "x"; must be one of github, azure, none. Correct --ci.\n',
      );
      assert.deepEqual(files(), []);
    });

    it("names the flags of what is missing where nobody can answer", async () => {
      assert.equal(
        await refused("--stack", "a/b", "--defender-plan", "on"),
        'error: --stack is "a/b"; must be 1 to 100 letters, digits, hyphens, underscores and periods. Correct --stack.\n' +
          'error: bastion-trail:location is missing; must be the short name of an Azure region, such as "westeurope". Pass --location.\n' +
          'error: bastion-trail:defenderPlan is "on"; must be one of manage, assume. Correct --defender-plan.\n' +
          'error: bastion-trail:namePrefix is missing; "bastion-trail-a/b", the default made from the project and stack names, is not ' +
          "usable; set it to 2 to 40 lowercase letters, digits and single hyphens, starting with a letter and not ending with a hyphen. " +
          "Pass --name-prefix.\n",
      );
    });

    it("refuses a SKU that emits no audit logs", async () => {
      assert.equal(
        await refused(...west, "--sku", "Developer"),
        'error: bastion-trail:bastionSku is "Developer"; the Developer SKU emits no audit logs; auditing requires SKU Basic, Standard or Premium. Correct --sku.\n',
      );
    });

    it("leaves nothing behind when a file cannot be written", async () => {
      writeFileSync(join(folder.path, ".github"), "");
      const reason = `ENOTDIR: not a directory, mkdir '${join(folder.path, ".github/workflows")}'`;
      assert.equal(
        await refused(...west),
        `error: Cannot create .github/workflows/deploy.yml: ${reason}. Nothing was created. Correct that, then run init again.\n`,
      );
      assert.deepEqual(files(), [".github"]);
    });
  });

  describe("in a repository without a project", () => {
    it("leaves every file that exists, and says how to add the packages to its package.json", async () => {
      writeFileSync(join(folder.path, "README.md"), "mine");
      writeFileSync(join(folder.path, "package.json"), "{}");
      const { stdout, stderr } = await succeed(...west, "--ci", "none");
      assert.deepEqual([text("README.md"), text("package.json")], ["mine", "{}"]);
      assert.match(stdout, /^README\.md +exists, left as it is$/m);
      assert.match(stdout, /^package\.json +exists, left as it is$/m);
      assert.equal(
        stderr.split("\n").slice(2, 5).join("\n"),
        `  npm pkg set type=module
  npm install "@bastion-trail/bootstrap@^0.1.0" "@bastion-trail/components@^0.1.0" "@bastion-trail/policies@^0.1.0" "@bastion-trail/program@^0.1.0" "@pulumi/azure-native@^3.28.0" "@pulumi/pulumi@^3.259.0" "bastion-trail@^0.1.0"
  npm install --save-dev "@types/node@^24.19.2" "typescript@^5.9.3"`,
      );
    });

    it("does not mix its program with somebody else's, and says so with all other problems", async () => {
      writeFileSync(join(folder.path, "index.ts"), "mine");
      assert.equal(
        await refused(),
        'error: bastion-trail:location is missing; must be the short name of an Azure region, such as "westeurope". Pass --location.\n' +
          "error: index.ts exists, and the project would run it as its program. Move index.ts, or run init in another folder.\n",
      );
      assert.deepEqual(files(), ["index.ts"]);
    });

    it("needs a package.json to which packages can be added", async () => {
      for (const content of ["{broken", "[]"]) {
        writeFileSync(join(folder.path, "package.json"), content);
        assert.equal(
          await refused(...west),
          "error: package.json is not a JSON object. Correct package.json, or run init in another folder.\n",
        );
        assert.deepEqual(files(), ["package.json"]);
      }
    });

    it("completes what an interrupted run has left", async () => {
      await succeed(...west);
      const whole = files();
      rmSync(join(folder.path, "Pulumi.yaml"));
      rmSync(join(folder.path, "README.md"));
      await succeed(...west);
      assert.deepEqual(files(), whole);
    });
  });

  describe("in a project", () => {
    beforeEach(async () => {
      await succeed(...west, "--vm", "web");
    });

    it("changes nothing if the stack has its config", async () => {
      const before = files().map((name) => [name, text(name)]);
      const stdout = "FILE             STATE\nPulumi.dev.yaml  exists, left as it is\n";
      assert.deepEqual(await succeed(), { stdout, stderr: "" });
      assert.deepEqual(await succeed(...west, "--sku", "Standard", "--ci", "azure"), {
        stdout,
        stderr: "No effect, because the files exist: --location, --sku, --ci.\n",
      });
      assert.deepEqual(
        files().map((name) => [name, text(name)]),
        before,
      );
    });

    it("adds only the config of another stack", async () => {
      const before = files();
      rmSync(join(folder.path, "README.md"));
      assert.deepEqual(await succeed("--stack", "prod", "--location", "uksouth"), {
        stdout: "FILE              STATE\nPulumi.prod.yaml  created\n",
        stderr: `
Next:
  az login && export ARM_SUBSCRIPTION_ID=<subscription>
  npx bastion-trail bootstrap --stack prod --location uksouth  # state, secrets key, pipelines
  pulumi stack init prod && pulumi up  # after bootstrap: run the command that it prints instead
`,
      });
      assert.deepEqual(files(), [...before.filter((name) => name !== "README.md"), "Pulumi.prod.yaml"].sort());
      assert.match(text("Pulumi.prod.yaml"), /^ {2}bastion-trail:location: uksouth$/m);
    });

    it("uses the project's own name", async () => {
      writeFileSync(join(folder.path, "Pulumi.yaml"), text("Pulumi.yaml").replace("name: bastion-trail", "name: jump"));
      await succeed("--stack", "prod", ...west);
      assert.match(text("Pulumi.prod.yaml"), /^ {2}jump:location: westeurope$/m);
    });
  });

  it("refuses the project of another program, and a file that is not a project", async () => {
    const path = join(folder.path, "Pulumi.yaml");
    writeFileSync(path, "name: shop\nruntime: nodejs\n");
    assert.equal(
      await refused(...west),
      `error: ${path} is of another program: package.json does not name @bastion-trail/program. Run init in a folder of its own.\n`,
    );
    writeFileSync(path, "- [");
    assert.equal(
      await refused(...west),
      `error: ${path} is not a Pulumi project: it has no name. Correct it, or run init in another folder.\n`,
    );
    assert.deepEqual(files(), ["Pulumi.yaml"]);
  });

  it("refuses a project in a file of another ending, which Pulumi also reads", async () => {
    for (const name of ["Pulumi.yml", "Pulumi.json"]) {
      const path = join(folder.path, name);
      writeFileSync(path, "{name: shop, runtime: nodejs}");
      assert.equal(
        await refused(...west),
        `error: ${path} is a Pulumi project, and init knows only Pulumi.yaml. Run init in a folder of its own, or rename the file.\n`,
      );
      assert.deepEqual(files(), [name]);
      rmSync(path);
    }
  });
});
