import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { previewRefresh } from "../../../../cli/commands/drift/refreshPreview.ts";
import { fakeIo } from "../../fakeIo.ts";
import { forEachTest, temporaryFolder } from "../../../held.ts";

describe("the preview of a refresh", () => {
  const folder = forEachTest(temporaryFolder);

  /** Runs a `pulumi` that does what a shell script says. */
  function run(script: string, stack?: string) {
    writeFileSync(join(folder.path, "pulumi"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder.path, "pulumi"), 0o755);
    return previewRefresh(
      stack,
      fakeIo({ cwd: folder.path, env: { PATH: [folder.path, process.env.PATH].join(delimiter) } }),
    );
  }
  const answer = (document: unknown): string => `cat <<'END'\n${JSON.stringify(document)}\nEND`;
  const urn = (types: string, name: string): string => `urn:pulumi:dev::trail::${types}::${name}`;
  const nextStep =
    "Run it in the project's folder, signed in to Pulumi and Azure, and name another stack with --stack.";

  it("changes nothing, in the current folder, for the stack that is named", async () => {
    await assert.rejects(run('echo "error: $* in $(pwd)" >&2; exit 1', "prod"), {
      message: `Pulumi cannot refresh the stack: refresh --preview-only --json --stack prod --non-interactive in ${folder.path}.`,
      nextStep,
    });
  });

  it("gives every resource with what was deployed and what is there now", async () => {
    const inputs = { tags: { owner: "ada" }, securityRules: [] };
    const state = { custom: true, id: "/pip", inputs, ignoreChanges: ["etag"], outputs: { x: 1 } };
    const component = { op: "refresh", urn: urn("my:C", "c"), oldState: { custom: false }, newState: {} };
    const changed = {
      op: "update",
      urn: urn("my:C$azure-native:network:PublicIPAddress", "pip::1"),
      oldState: state,
      newState: { ...state, inputs: { tags: { owner: "eve" } } },
      diffReasons: ["tags", "securityRules[0]"],
      detailedDiff: { "tags.owner": { kind: "update" }, "securityRules[0].port": {} },
    };
    const gone = { op: "delete", urn: urn("azure-native:network:Subnet", "s"), oldState: { custom: true, id: "/s" } };
    const same = { op: "refresh", urn: urn("a:b:C", "x"), oldState: state, newState: state, detailedDiff: null };
    assert.deepEqual(await run(answer({ steps: [component, changed, gone, same], changeSummary: {} })), [
      {
        name: "pip::1",
        type: "azure-native:network:PublicIPAddress",
        parentType: "my:C",
        id: "/pip",
        change: "changed",
        deployed: inputs,
        now: { tags: { owner: "eve" } },
        changedInputs: ["tags", "securityRules"],
        ignored: ["etag"],
      },
      {
        name: "s",
        type: "azure-native:network:Subnet",
        parentType: undefined,
        id: "/s",
        change: "deleted",
        deployed: {},
        now: {},
        changedInputs: [],
        ignored: [],
      },
      {
        name: "x",
        type: "a:b:C",
        parentType: undefined,
        id: "/pip",
        change: "same",
        deployed: inputs,
        now: inputs,
        changedInputs: [],
        ignored: ["etag"],
      },
    ]);
  });

  it("gives nothing for an empty stack", async () => {
    assert.deepEqual(await run(answer({ config: {} })), []);
  });

  it("fails with the errors of the providers, all of them", async () => {
    const diagnostics = [
      { severity: "warning", message: "old" },
      { severity: "error", urn: urn("my:C$a:b:C", "pip"), message: "error: Preview failed: Status=403.\n" },
      { severity: "error", urn: urn("a:b:C", "nsg"), message: "error: Status=404" },
      { severity: "error", message: "error: preview failed\n" },
    ];
    await assert.rejects(run(`${answer({ steps: [], diagnostics })}\nexit 255`), {
      message: "Pulumi cannot refresh the stack: pip: Status=403.\nnsg: Status=404.",
      nextStep,
    });
    const own = { diagnostics: [{ severity: "error", message: "error: the stack is locked\n" }] };
    await assert.rejects(run(`${answer(own)}\nexit 255`), {
      message: "Pulumi cannot refresh the stack: the stack is locked.",
    });
  });

  it("says that npm's Pulumi cannot be downloaded", async () => {
    await assert.rejects(run("echo 'Downloading pulumi v3.259.0...' >&2; echo 'pulumi: fetch failed' >&2; exit 1"), {
      message:
        "The npm package 'pulumi' cannot get or start Pulumi (fetch failed); the selected stack cannot be read without it.",
      nextStep: "Install it: https://www.pulumi.com/docs/install, or allow the download from get.pulumi.com.",
    });
  });

  it("fails where Pulumi says nothing that can be read", async () => {
    await assert.rejects(run("exit 3"), { message: "Pulumi cannot refresh the stack: no reason given." });
    await assert.rejects(run("echo hello"), { message: "Pulumi cannot refresh the stack: no reason given." });
  });

  it("fails without Pulumi", async () => {
    await assert.rejects(previewRefresh(undefined, fakeIo({ cwd: folder.path, env: { PATH: folder.path } })), {
      message: "Pulumi is not on PATH; the selected stack cannot be read without it.",
      nextStep: "Install it: https://www.pulumi.com/docs/install.",
    });
  });

  it("says which stack is not there", async () => {
    await assert.rejects(run("echo \"error: no stack named 'prod' found\" >&2; exit 1", "prod"), {
      message: "Pulumi cannot find stack 'prod'.",
      nextStep: "List the stacks with `pulumi stack ls --all`.",
    });
  });

  it("takes the user's Pulumi before the launcher of the npm package", async () => {
    const bin = join(folder.path, "node_modules", ".bin");
    const path = [bin, folder.path, "/usr/bin", "/bin"].join(delimiter);
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "pulumi"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    writeFileSync(join(folder.path, "pulumi"), "#!/bin/sh\necho '{}'\n", { mode: 0o755 });
    assert.deepEqual(await previewRefresh(undefined, fakeIo({ cwd: folder.path, env: { PATH: path } })), []);
  });
});
