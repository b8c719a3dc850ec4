import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configOptions } from "../../../../cli/commands/bootstrap/options.ts";
import { hintProject } from "../../../../cli/commands/bootstrap/projectStackFile.ts";
import { deployCommand } from "../../../../cli/commands/bootstrap/tell.ts";
import { configIn, openStackFile, saveStackFile, setConfig } from "../../../../cli/commands/bootstrap/stackFile.ts";
import { findProgram, openWorkspace } from "../../../../cli/commands/bootstrap/workspace.ts";
import { UserError } from "../../../../cli/errors.ts";
import { fakeIo } from "../../fakeIo.ts";
import { forEachTest, temporaryFolder } from "../../../held.ts";

describe("the files of a bootstrap", () => {
  const cwd = forEachTest(temporaryFolder);
  const io = () => fakeIo({ cwd: cwd.path });
  const program = (folder: string) => {
    mkdirSync(join(cwd.path, folder), { recursive: true });
    writeFileSync(join(cwd.path, folder, "Pulumi.yaml"), "name: boot\nruntime: nodejs\nmain: src\n");
    return join(cwd.path, folder);
  };
  const read = (...path: string[]) => readFileSync(join(cwd.path, ...path), "utf8");

  it("are followed by the command that deploys the project into the new backend", () => {
    const secretsProvider = "azurekeyvault://v.vault.azure.net/keys/pulumi";
    assert.equal(
      deployCommand({ backendUrl: "azblob://state?storage_account=ci1", secretsProvider }, "dev"),
      'pulumi login "azblob://state?storage_account=ci1" && ' +
        `pulumi stack select --create --secrets-provider ${secretsProvider} dev && pulumi up`,
    );
  });

  describe("the program", () => {
    it("is in bootstrap/, else the installed package, whose folder gets no stack files", () => {
      const installed = program("node_modules/@bastion-trail/bootstrap");
      writeFileSync(join(installed, "package.json"), '{"name":"@bastion-trail/bootstrap"}');
      assert.deepEqual(pick(findProgram(undefined, io())), [installed, join(cwd.path, "bootstrap")]);
      const own = program("bootstrap");
      assert.deepEqual(pick(findProgram(undefined, io())), [own, own]);
    });

    it("is where --program says", () => {
      const folder = program("elsewhere");
      assert.deepEqual(pick(findProgram("elsewhere", io())), [folder, folder]);
      assert.throws(
        () => findProgram("nowhere", io()),
        new UserError(`No Pulumi.yaml in ${join(cwd.path, "nowhere")}.`, "Check --program."),
      );
    });

    it("has an option for each of its config keys", () => {
      const { config } = findProgram(join(import.meta.dirname, "../../../../bootstrap"), io()).project;
      assert.deepEqual(Object.keys(config as object).sort(), Object.keys(configOptions).sort());
    });

    it("may be missing", () => {
      assert.throws(
        () => findProgram(undefined, io()),
        new UserError(
          `Bootstrap program not found: neither ${join(cwd.path, "bootstrap")} nor the package @bastion-trail/bootstrap exists.`,
          "Run `npm install --save-dev @bastion-trail/bootstrap`.",
        ),
      );
    });

    function pick({ folder, stackFiles }: ReturnType<typeof findProgram>): string[] {
      return [folder, stackFiles];
    }
  });

  it("has a workspace that runs the program from elsewhere, with a passphrase that only its owner reads", () => {
    const folder = program("bootstrap");
    const where = { program: findProgram(undefined, io()), stack: "dev", subscriptionId: "SUB" };
    const workspace = openWorkspace(join(cwd.path, "work"), where);
    assert.equal(read("work", "Pulumi.yaml"), `name: boot\nruntime: nodejs\nmain: ${join(folder, "src")}\n`);
    const passphrase = readFileSync(workspace.passphraseFile, "utf8");
    assert.match(passphrase, /^[\w-]{43}$/);
    openWorkspace(join(cwd.path, "work"), where);
    assert.equal(readFileSync(workspace.passphraseFile, "utf8"), passphrase);
  });

  describe("the stack file", () => {
    const subscription = "00000000-0000-0000-0000-000000000001";

    it("gets the config and keeps what else it says", () => {
      program("bootstrap");
      writeFileSync(
        join(cwd.path, "bootstrap", "Pulumi.dev.yaml"),
        "# Ours.\nencryptionsalt: v1:old\nconfig:\n  boot:location: northeurope # near\n  boot:branch: trunk\n",
      );
      const found = findProgram(undefined, io());
      const source = openStackFile(found, "dev");
      setConfig(source, found, { location: "westeurope" }, subscription);
      assert.deepEqual(configIn(source, found), { location: "westeurope", branch: "trunk" });
      const members = { secretsprovider: "azurekeyvault://v/keys/k", encryptedkey: "AAAA" };
      assert.deepEqual([saveStackFile(source, members), saveStackFile(source, members)], [true, false]);
      assert.equal(
        read("bootstrap", "Pulumi.dev.yaml"),
        "# Ours.\nconfig:\n  boot:location: westeurope # near\n  boot:branch: trunk\n" +
          `  azure-native:subscriptionId: ${subscription}\nsecretsprovider: azurekeyvault://v/keys/k\nencryptedkey: AAAA\n`,
      );
    });

    it("must be YAML", () => {
      program("bootstrap");
      const file = join(cwd.path, "bootstrap", "Pulumi.dev.yaml");
      writeFileSync(file, "config: [\n");
      assert.throws(() => openStackFile(findProgram(undefined, io()), "dev"), {
        name: "UserError",
        nextStep: "Fix it.",
      });
    });
  });

  describe("the project's stack file", () => {
    const hint = {
      stack: "dev",
      bootstrap: "/elsewhere",
      backendUrl: "azblob://state?storage_account=ci1",
      secretsProvider: "azurekeyvault://v/keys/k",
    };
    const login = "# Its state: pulumi login 'azblob://state?storage_account=ci1'\n";
    const provider = "secretsprovider: azurekeyvault://v/keys/k\n";
    const change = () => hintProject(hint, io())?.change;

    it("is written where there is none", () => {
      writeFileSync(join(cwd.path, "Pulumi.yaml"), "name: trail\n");
      assert.equal(change(), "created");
      assert.equal(read("Pulumi.dev.yaml"), login + provider);
      assert.equal(change(), "kept");
    });

    it("gets what it lacks, after the mark of its beginning", () => {
      writeFileSync(join(cwd.path, "Pulumi.yaml"), "name: trail\n");
      writeFileSync(join(cwd.path, "Pulumi.dev.yaml"), "---\nconfig:\n    trail:a: 1\n");
      assert.equal(change(), "changed");
      assert.equal(read("Pulumi.dev.yaml"), `---\n${login}${provider}config:\n    trail:a: 1\n`);
    });

    it("keeps what it says", () => {
      writeFileSync(join(cwd.path, "Pulumi.yaml"), "name: trail\n");
      const own = "# pulumi login azblob://mine\nencryptionsalt: v1:abc\n";
      writeFileSync(join(cwd.path, "Pulumi.dev.yaml"), own);
      assert.equal(change(), "kept");
      assert.equal(read("Pulumi.dev.yaml"), own);
    });

    it("is not written where there is no project", () => {
      assert.equal(change(), undefined);
      assert.equal(existsSync(join(cwd.path, "Pulumi.dev.yaml")), false);
    });
  });
});
