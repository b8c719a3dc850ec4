import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { interpreterOf } from "../../sandbox/pythonEnvironment.ts";
import { skip } from "../skip.ts";
import { changes, deletes, nativeClient, reads } from "./azTable.ts";
import { isRefusal, nothing, resolved, runShell, titleOf, type Expected, type Row, type Values } from "./client.ts";
import { Deployment } from "./deployment.ts";
import { choices, fixes, uncovered } from "./fixTable.ts";
import { pythonSdks } from "../../tools/pythonClients.ts";
import { missing } from "./install.ts";
import { PythonSession } from "./pythonSession.ts";
import { sdkChanges, sdkReads } from "./sdkTable.ts";
import { cliBin } from "../cliBin.ts";

const project = join(import.meta.dirname, "../..");

/** The JSON object that a command printed among other lines. */
function jsonIn(output: string): unknown {
  return JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));
}

describe("real clients of Azure", () => {
  let deployment: Deployment | undefined;
  let values: Values = {};

  before(async function () {
    if (missing !== undefined) skip(this, missing);
    deployment = await Deployment.make();
    values = deployment.environment;
  });
  after(() => deployment?.sandbox.remove());

  const checkAz = async (command: string, expected: Expected): Promise<void> => {
    const { exitCode, stdout, stderr } = await runShell(command, values);
    if (isRefusal(expected)) {
      const { code, message } = resolved(expected.refused, values);
      assert.ok(
        stderr.includes(code === undefined ? message : `(${code}) ${message}`),
        `exit code ${exitCode}\n${stdout}${stderr}`,
      );
      assert.notEqual(exitCode, 0);
      return;
    }
    assert.equal(exitCode, 0, stderr);
    const result: unknown = stdout.trim() === "" ? nothing : JSON.parse(stdout);
    assert.deepEqual(result, resolved(expected, values));
  };
  const azTable = (rows: readonly Row[]): void => {
    for (const [command, expected] of rows) {
      it(titleOf(command, expected), () => checkAz(command, expected));
    }
  };

  const sdkTable = (rows: readonly Row[]): void => {
    let session: PythonSession;
    before(() => {
      const script = join(import.meta.dirname, "sdk.py");
      session = new PythonSession(interpreterOf(pythonSdks.folder) ?? "", script, values);
    });
    after(() => session.end());
    for (const [expression, expected] of rows) {
      it(titleOf(expression, expected), async () => {
        const wanted = isRefusal(expected) ? { error: expected.refused } : { value: expected };
        assert.deepEqual(await session.evaluate(expression), resolved(wanted, values));
      });
    }
  };

  it("are pointed at a sandbox by the lines of docs/sandbox.md, which leave a person's own settings alone", async () => {
    const documents = readFileSync(join(project, "docs/sandbox.md"), "utf8");
    const [, lines = ""] = /```sh\n(source [^`]*az cloud register[^`]*)```/.exec(documents) ?? [];
    const home = mkdtempSync(join(tmpdir(), "home-"));
    try {
      const text = lines.replace(".sandbox/env", join(deployment!.sandbox.folder, "env"));
      const script = `set -e; rm -r "$AZURE_CONFIG_DIR"; ${text}`;
      const { exitCode, stderr } = await runShell(`bash -c '${script.replaceAll("'", `'\\''`)}'`, {
        ...values,
        HOME: home,
      });
      assert.equal(exitCode, 0, stderr);
      assert.deepEqual(readdirSync(home), []);
      await checkAz("az account show --query environmentName", "sandbox");
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  describe("the Azure CLI reads a deployment", () => {
    azTable(reads);
  });
  describe("the Python SDKs read a deployment", () => {
    sdkTable(sdkReads);
  });
  describe("the Azure CLI speaks with the Bastion host", () => {
    azTable(nativeClient);
  });
  describe("bastion-trail hands a connection to the Azure CLI", () => {
    const connect = (words: string, more: Values = {}) =>
      runShell(`node ${cliBin} connect ${words}`, { ...values, ...more });
    const letIn = (vm: string): string =>
      `The network lets you in, but the sandbox has no real VM to connect to. For a session with its audit record: npm run -s sandbox -- connect --vm ${vm} --user YOU`;

    it("not where an extension is missing; nothing is opened then", async () => {
      const { exitCode, stderr } = await connect("web --reason INC-4711", { AZURE_EXTENSION_DIR: tmpdir() });
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, /the extension bastion is missing, the extension ssh is missing\./);
      await checkAz(
        "az monitor activity-log list --namespace Microsoft.Security --query \"[?contains(operationName.value, 'initiate')]\"",
        [],
      );
    });

    it("with the arguments that `az network bastion ssh` takes", async () => {
      const { exitCode, stdout, stderr } = await connect("web --reason INC-4711 -- -L 8080:localhost:80");
      assert.equal(exitCode, 0, stderr);
      assert.deepEqual(jsonIn(stdout), {
        authType: "AAD",
        heard: letIn("web"),
        port: "22",
        sshArgs: ["-L", "8080:localhost:80"],
      });
    });

    it("with the arguments that `az network bastion tunnel` takes", async () => {
      const { exitCode, stdout, stderr } = await connect("desk --reason INC-4711 --tunnel 53389");
      assert.equal(exitCode, 0, stderr);
      assert.deepEqual(jsonIn(stdout), { heard: letIn("desk"), localPort: "53389", port: "3389" });
    });
  });
  describe("the Azure CLI changes a deployment", () => {
    azTable(changes);
  });
  describe("the Python SDKs change a deployment", () => {
    sdkTable(sdkChanges);
  });

  describe("the Azure CLI runs what doctor prints", () => {
    for (const { code, before: preparation, fixOf } of fixes) {
      it(code, async () => {
        const chosen = fixOf(values).replaceAll(/\b(NEW_NAME|NEW_ID|NSG_ID)\b/g, (word) => choices[word] ?? word);
        for (const line of [...preparation, ...resolved(chosen, values).split("\n")]) {
          const { exitCode, stdout, stderr } = await runShell(line, values);
          assert.equal(exitCode, 0, `${line}\n${stdout}${stderr}`);
        }
      });
    }
    it("for every finding", () => {
      assert.deepEqual(uncovered(), []);
    });
  });

  describe("the Azure CLI deletes a deployment", () => {
    azTable(deletes);
  });
});
