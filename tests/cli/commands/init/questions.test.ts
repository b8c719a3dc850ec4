import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { parse } from "yaml";
import { init } from "../../../../cli/commands/init/command.ts";
import { runProgram } from "../../../../cli/program.ts";
import { fakeIo, type FakeIo } from "../../fakeIo.ts";
import { forEachTest, temporaryFolder } from "../../../held.ts";

const west = ["--location", "westeurope"];
const others = [
  "--stack",
  "dev",
  "--name-prefix",
  "jump",
  "--sku",
  "Basic",
  "--vm",
  "web",
  "--defender-plan",
  "assume",
];

describe("init on a terminal", () => {
  const folder = forEachTest(temporaryFolder);

  const run = (words: readonly string[], io: FakeIo) =>
    runProgram(["init", ...words], io, { commands: [init], groups: {}, version: "0" });

  /** Types keys each time that a text has come: a question, or what is wrong with an answer. */
  function answering(...answers: readonly (readonly [text: string, keys: string])[]): FakeIo {
    const stdin = new PassThrough();
    const io: FakeIo = { ...fakeIo({ cwd: folder.path }), stdin, isTty: { stdin: true, stdout: false, stderr: true } };
    const left = [...answers];
    io.stderr.on("data", () => {
      const [next] = left;
      if (next !== undefined && io.written.stderr.includes(next[0])) {
        left.shift();
        setImmediate(() => stdin.write(next[1]));
      }
    });
    return io;
  }

  it("asks for values that no flag gives, and uses the defaults for empty answers", async () => {
    const io = answering(
      ["Stack", "\r"],
      ["Azure region", "northeurope\r"],
      ["Start of the names", "\r"],
      ["SKU of the Bastion host", "\r"],
      ["VMs to create", "web, db\r"],
      ["Defender for Servers", "\r"],
      ["Pipelines", "\r"],
      ["Create Pulumi.dev.yaml, package.json", "y"],
    );
    assert.equal(await run([], io), 0, io.written.stderr);
    assert.deepEqual(parse(readFileSync(join(folder.path, "Pulumi.dev.yaml"), "utf8")), {
      config: {
        "bastion-trail:location": "northeurope",
        "bastion-trail:bastionSku": "Basic",
        "bastion-trail:vms": [
          { name: "web", login: "entraId" },
          { name: "db", login: "entraId" },
        ],
        "bastion-trail:defenderPlan": "assume",
      },
    });
    assert.ok(readdirSync(folder.path).includes(".github"));
  });

  it("says what is wrong with an answer, and asks again", async () => {
    const io = answering(
      ["Azure region", "West Europe\r"],
      ["must be the short name of an Azure region", "\x15westeurope\r"],
      ["Create", "y"],
    );
    assert.equal(await run([...others, "--ci", "none"], io), 0, io.written.stderr);
    assert.match(readFileSync(join(folder.path, "Pulumi.dev.yaml"), "utf8"), /location: westeurope$/m);
  });

  it("asks only for the stack if that has its config", async () => {
    assert.equal(await run([...west, "--yes"], answering()), 0);
    const io = answering(["Stack", "\r"]);
    assert.equal(await run([], io), 0);
    assert.equal(io.written.stdout, "FILE             STATE\nPulumi.dev.yaml  exists, left as it is\n");
  });

  it("asks nothing with --yes", async () => {
    assert.equal(await run([...west, "--yes"], answering()), 0);
    assert.ok(readdirSync(folder.path).includes("Pulumi.dev.yaml"));
  });

  it("only asks for a confirmation where an answer could not be corrected", async () => {
    const io = answering(["Create", "y\n"]);
    const dumb: FakeIo = { ...io, env: { ...io.env, TERM: "dumb" } };
    assert.equal(await run([...west, "--ci", "none"], dumb), 0, io.written.stderr);
    assert.match(io.written.stderr, /^Create Pulumi\.dev\.yaml, package\.json, .*\? \[y\/N\] \n/);
    assert.ok(readdirSync(folder.path).includes("Pulumi.dev.yaml"));
  });

  it("reports the problems of the flags before the first question", async () => {
    const io = answering();
    assert.equal(await run(["--sku", "Gold"], io), 2);
    assert.equal(
      io.written.stderr,
      'error: bastion-trail:bastionSku is "Gold"; must be one of Developer, Basic, Standard, Premium. Correct --sku.\n',
    );
  });

  for (const [what, keys] of [
    ["a no", "n"],
    ["Ctrl+C", "\x03"],
    ["Ctrl+D", "\x04"],
  ] as const) {
    it(`writes nothing after ${what}`, async () => {
      assert.equal(await run([...west, ...others, "--ci", "none"], answering(["Create", keys])), 2);
      assert.deepEqual(readdirSync(folder.path), []);
    });
  }

  it("ends at Ctrl+D in an empty answer, as at Ctrl+C", async () => {
    assert.equal(await run([...others, "--ci", "none"], answering(["Azure region", "\x04"])), 2);
    assert.deepEqual(readdirSync(folder.path), []);
  });
});
