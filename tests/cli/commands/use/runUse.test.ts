import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { runProgram } from "../../../../cli/program.ts";
import { fakeIo, type FakeOptions } from "../../fakeIo.ts";
import { forEachTest, temporaryFolder } from "../../../held.ts";

const subscriptionId = "11111111-2222-3333-4444-555555555555";
const host = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bst`;
const now = "2026-05-04T12:00:00.000Z";
const outputs = {
  subscriptionId,
  tenantId: "t",
  bastionHostId: host,
  archive: { account: "st", blobEndpoint: "https://st.blob.example", container: "c", blobPrefix: "p" },
  adminPasswords: { web: "secret" },
  links: { bastionHost: "https://portal.example" },
};

describe("use", () => {
  let state: string;
  const folder = forEachTest(temporaryFolder);
  beforeEach(() => {
    state = join(folder.path, "state");
    write("prod.json", outputs);
  });

  function write(name: string, content: unknown): void {
    writeFileSync(join(folder.path, name), typeof content === "string" ? content : JSON.stringify(content));
  }

  async function use(words: readonly string[], fake: FakeOptions = {}) {
    const env = { BASTION_TRAIL_STATE: state, PATH: process.env.PATH, ...fake.env };
    const io = fakeIo({ cwd: folder.path, now, ...fake, env });
    const exitCode = await runProgram(["use", ...words], io, { commands, groups, version: "1" });
    return { exitCode, ...io.written };
  }

  async function json(...words: string[]) {
    const { exitCode, stdout, stderr } = await use([...words, "--json"]);
    assert.deepEqual([exitCode, stderr], [0, ""]);
    return JSON.parse(stdout) as { used: string | null; profiles: Record<string, unknown>[] };
  }

  async function names(...words: string[]): Promise<string> {
    const { used, profiles } = await json(...words);
    return profiles.map(({ name }) => (name === used ? `*${String(name)}` : name)).join(" ");
  }

  const profilesFile = () => join(state, "profiles", "profiles.json");

  it("makes a profile of a file of outputs, and uses it", async () => {
    const path = join(folder.path, "prod.json");
    assert.deepEqual(await json("prod.json"), {
      used: "prod",
      profiles: [
        { name: "prod", used: true, subscriptionId, bastionHostId: host, from: `outputs file ${path}`, savedAt: now },
      ],
    });
  });

  it("says what it did, beside the list of profiles", async () => {
    const made = await use(["prod.json"]);
    const from = `outputs file ${join(folder.path, "prod.json")}`;
    const head = `USED  NAME  BASTION HOST  SUBSCRIPTION                          ${"FROM".padEnd(from.length)}  SAVED\n`;
    assert.deepEqual(made, {
      exitCode: 0,
      stdout: `${head}*     prod  bst           ${subscriptionId}  ${from}  2026-05-04 12:00:00Z\n`,
      stderr: `Saved profile 'prod' from ${from}. Using it now.\n`,
    });
    assert.equal((await use(["prod.json"])).stderr, `Updated profile 'prod' from ${from}. Using it now.\n`);
  });

  it("says which variable names the deployment instead of the selected profile", async () => {
    const told = async (env: Record<string, string>, ...words: string[]) =>
      (await use(words, { env })).stderr.split("\n").at(-2);
    const warning = (name: string) => `warning: ${name} is set, and names the deployment instead of the profile.`;
    const both = { BASTION_TRAIL_OUTPUTS: "x.json", PULUMI_STACK: "dev" };
    assert.equal(await told(both, "prod.json"), warning("BASTION_TRAIL_OUTPUTS"));
    assert.equal(await told({ BASTION_TRAIL_OUTPUTS: "", PULUMI_STACK: "dev" }), warning("PULUMI_STACK"));
    assert.equal(await told({ BASTION_TRAIL_PROFILE: "other" }), warning("BASTION_TRAIL_PROFILE"));
    assert.equal(await told({ BASTION_TRAIL_PROFILE: "prod" }), undefined);
    assert.equal(await told(both, "--none"), "No profile in use.");
  });

  it("keeps what the CLI uses of the outputs, for the owner only, and no secret", async () => {
    await use(["prod.json"]);
    const text = readFileSync(profilesFile(), "utf8");
    assert.doesNotMatch(text, /secret|portal/);
    assert.equal(statSync(profilesFile()).mode & 0o777, 0o600);
    assert.equal(statSync(join(state, "profiles")).mode & 0o777, 0o700);
  });

  it("makes a profile of a stack, by its own name or another one", async () => {
    write("pulumi", `#!/bin/sh\necho '${JSON.stringify(outputs)}'\n`);
    chmodSync(join(folder.path, "pulumi"), 0o755);
    const env = { PATH: [folder.path, process.env.PATH].join(delimiter) };
    assert.equal((await use(["--stack", "org/trail/dev"], { env })).exitCode, 0);
    assert.equal((await use(["--stack", "dev", "--name", "staging"], { env })).exitCode, 0);
    const { profiles } = await json();
    assert.deepEqual(
      profiles.map(({ name, used, from }) => [name, used, from]),
      [
        ["dev", false, "stack 'org/trail/dev'"],
        ["staging", true, "stack 'dev'"],
      ],
    );
  });

  it("switches, stops using one, and removes one", async () => {
    assert.equal(await names("prod.json"), "*prod");
    assert.equal(await names("prod.json", "--name", "dev"), "*dev prod");
    assert.equal(await names("prod"), "dev *prod");
    assert.equal(await names("--none"), "dev prod");
    assert.equal(await names("dev"), "*dev prod");
    assert.equal(await names("--remove", "prod"), "*dev");
    assert.equal(await names("--remove", "dev"), "");
    assert.deepEqual(await use([]), {
      exitCode: 0,
      stdout: "No profiles. Make one with: bastion-trail use FILE\n",
      stderr: "",
    });
  });

  it("takes a word for a profile where there is one, else for a file where there is one", async () => {
    write("dev", outputs);
    assert.equal(await names("dev"), "*dev");
    write("dev", "not read");
    assert.equal(await names("dev"), "*dev");
  });

  const refusals: readonly (readonly [words: string[], said: string])[] = [
    [["nope"], "Profile 'nope' not found. Profiles: prod. Make one with: bastion-trail use FILE."],
    [["prd"], "Profile 'prd' not found. Did you mean 'prod'? Profiles: prod. Make one with: bastion-trail use FILE."],
    [["--remove", "nope"], "Profile 'nope' not found. Profiles: prod. Make one with: bastion-trail use FILE."],
    [["nope.json"], "Outputs file FOLDER/nope.json not found. Write it with: pulumi stack output --json > FILE."],
    [["prod.json", "--none"], "More than one action given. Pass one of: a profile, a file, --stack, --none, --remove."],
    [["--name", "x"], "--name requires a source for the new profile. Pass a file of outputs or --stack with it."],
    [
      ["prod.json", "--name", "../x"],
      "'../x' cannot be the name of a profile. Use letters, digits, dots, hyphens and underscores, 64 of them at most.",
    ],
    [["a b.json"], "'a b' cannot be the name of a profile. Pass another name with --name."],
    [
      ["empty.json"],
      "No deployment in outputs file FOLDER/empty.json: it has neither subscriptionId nor bastionHostId. " +
        "Write the outputs of a deployed stack with `pulumi stack output --json > FILE`.",
    ],
    [
      ["sas.json"],
      "The archive's address in outputs file FOLDER/sas.json has a shared access signature, and a profile keeps no secrets. " +
        "Correct the outputs. A signature belongs into BASTION_TRAIL_ARCHIVE.",
    ],
    [
      ["wrong.json"],
      "The Azure subscription 'prod' from outputs file FOLDER/wrong.json must be a GUID, such as " +
        "00000000-0000-0000-0000-000000000000. The Bastion host 'bst' from outputs file FOLDER/wrong.json must be an ARM id: " +
        "/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.Network/bastionHosts/NAME. " +
        "Correct the outputs. A signature belongs into BASTION_TRAIL_ARCHIVE.",
    ],
    [
      ["form.json"],
      "Malformed outputs in outputs file FOLDER/form.json: subscriptionId, vms. " +
        "Deploy the stack with this version of the program, and write its outputs again.",
    ],
  ];
  for (const [words, said] of refusals) {
    it(`refuses ${words.join(" ")}, and leaves the profiles as they are`, async () => {
      write("empty.json", {});
      write("a b.json", outputs);
      write("sas.json", { ...outputs, archive: { ...outputs.archive, blobEndpoint: "https://st.blob.example?sig=s" } });
      write("wrong.json", { subscriptionId: "prod", bastionHostId: "bst" });
      write("form.json", { subscriptionId: 1, vms: "web" });
      await use(["prod.json"]);
      assert.deepEqual(await use(words), {
        exitCode: 2,
        stdout: "",
        stderr: `error: ${said.replaceAll("FOLDER", folder.path)}\n`,
      });
      assert.equal(await names(), "*prod");
    });
  }

  describe("does not go by a file of profiles", () => {
    const again = "Remove it, and create the profiles again with: bastion-trail use FILE.";

    it("that is damaged", async () => {
      await use(["prod.json"]);
      writeFileSync(profilesFile(), "{");
      const { exitCode, stderr } = await use([]);
      assert.deepEqual([exitCode, stderr], [2, `error: The profiles file ${profilesFile()} is damaged. ${again}\n`]);
    });

    it("that others can write to", async () => {
      await use(["prod.json"]);
      chmodSync(profilesFile(), 0o622);
      assert.equal(
        (await use([])).stderr,
        `error: Other users can change the profiles file ${profilesFile()}. ${again}\n`,
      );
    });

    it("that is a link", async () => {
      mkdirSync(join(state, "profiles"), { recursive: true, mode: 0o700 });
      symlinkSync(join(folder.path, "prod.json"), profilesFile());
      assert.equal(
        (await use([])).stderr,
        `error: The profiles file ${profilesFile()} cannot be read: it is a symbolic link. ${again}\n`,
      );
    });

    it("in a state folder that cannot be created", async () => {
      symlinkSync(join(folder.path, "missing", "state"), state);
      assert.equal(
        (await use(["prod.json"])).stderr,
        `error: The profile cannot be saved in ${profilesFile()}: the folder cannot be created. ` +
          "Make its folder writable for you alone, or set BASTION_TRAIL_STATE to another one.\n",
      );
    });

    it("in a folder that others can write to", async () => {
      await use(["prod.json"]);
      chmodSync(join(state, "profiles"), 0o777);
      assert.equal(
        (await use(["prod.json"])).stderr,
        `error: The profile cannot be saved in ${profilesFile()}. Other users can write to the folder ${join(state, "profiles")}. ` +
          "Make its folder writable for you alone, or set BASTION_TRAIL_STATE to another one.\n",
      );
    });
  });
});
