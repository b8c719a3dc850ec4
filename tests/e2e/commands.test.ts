import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { call } from "../../sandbox/adminClient.ts";
import { textAt, type JsonObject } from "../../sandbox/arm/json.ts";
import { presentEngine } from "../../sandbox/engine/resolve.ts";
import { TestSandbox } from "./harness.ts";

/** Processes whose command line names the folder. */
function processesOf(folder: string): string[] {
  return execFileSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(folder));
}

/** Files and folders that somebody beside their owner may read, write or enter. */
function openToOthers(folder: string): string[] {
  const inside = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  return [folder, ...inside].filter((file) => (statSync(file).mode & 0o077) !== 0);
}

describe("the sandbox's commands", () => {
  it("write exports that point any real client at it, for its owner only", async () => {
    const sandbox = await TestSandbox.start();
    try {
      const { armPort, blobPort, bridgePort, dynamicProviderPort, ...description } = sandbox.description;
      const environment = sandbox.environment();
      const caFile = join(sandbox.folder, "tls", "ca.pem");
      assert.deepEqual(environment, {
        PULUMI_BACKEND_URL: `file://${sandbox.folder}/state?metadata=skip`,
        PULUMI_CONFIG_PASSPHRASE: "sandbox",
        PULUMI_DEBUG_PROVIDERS: `azure-native:${bridgePort},random:${bridgePort},pulumi-nodejs:${dynamicProviderPort}`,
        BASTION_TRAIL_OUTPUTS: join(sandbox.folder, "outputs.json"),
        BASTION_TRAIL_CACHE: join(sandbox.folder, "cache"),
        BASTION_TRAIL_STATE: join(sandbox.folder, "record"),
        SANDBOX_ARM_ENDPOINT: `https://127.0.0.1:${armPort}`,
        ARM_METADATA_HOSTNAME: `127.0.0.1:${armPort}`,
        AZURE_SUBSCRIPTION_ID: description.subscriptionId,
        AZURE_TENANT_ID: description.tenantId,
        AZURE_CLIENT_ID: description.clientId,
        AZURE_CLIENT_SECRET: description.clientSecret,
        AZURE_STORAGE_CONNECTION_STRING: description.storageConnectionString,
        AZURE_CONFIG_DIR: join(sandbox.folder, "azure"),
        AZURE_EXTENSION_DIR: join(homedir(), ".azure", "cliextensions"),
        AZURE_CORE_COLLECT_TELEMETRY: "false",
        SANDBOX_CA_FILE: caFile,
        NODE_EXTRA_CA_CERTS: caFile,
        SSL_CERT_FILE: caFile,
        REQUESTS_CA_BUNDLE: caFile,
      });
      assert.match(description.storageConnectionString, new RegExp(`BlobEndpoint=https://127.0.0.1:${blobPort}/`));
      assert.equal(statSync(join(sandbox.folder, "env")).mode & 0o777, 0o600);
      assert.deepEqual(openToOthers(sandbox.folder), []);
      assert.match(readFileSync(caFile, "utf8"), /^-----BEGIN CERTIFICATE-----/);
    } finally {
      await sandbox.remove();
    }
  });

  it("take a folder that others may read for their owner alone", async () => {
    const sandbox = new TestSandbox();
    chmodSync(sandbox.folder, 0o755);
    try {
      await sandbox.succeed("start");
      assert.deepEqual(openToOthers(sandbox.folder), []);
    } finally {
      await sandbox.remove();
    }
  });

  it("let nobody stop the sandbox or sign in as somebody without its admin token", async () => {
    const sandbox = await TestSandbox.start();
    try {
      const stranger = { ...sandbox.description, adminToken: "" };
      const body = { user: "ada@example.com" };
      assert.equal((await call(stranger, "POST", "/sandbox/stop")).status, 401);
      assert.equal((await call(stranger, "POST", "/sandbox/token", { body })).status, 401);
      assert.equal((await sandbox.succeed("clock")).offsetMs, 0);
    } finally {
      await sandbox.remove();
    }
  });

  it("make the stack that an ordinary Pulumi CLI asks for", async () => {
    const sandbox = await TestSandbox.start();
    try {
      const { engine } = await presentEngine();
      const listed = execFileSync(engine!.command, ["stack", "ls", "--json"], {
        cwd: join(import.meta.dirname, "../.."),
        env: { ...process.env, ...sandbox.environment(), PULUMI_HOME: join(sandbox.folder, "home") },
        encoding: "utf8",
      });
      const stacks = JSON.parse(listed) as { name: string }[];
      assert.deepEqual(
        stacks.map(({ name }) => name),
        ["sandbox"],
      );
    } finally {
      await sandbox.remove();
    }
  });

  it("start once and stop once, however often they are given", async () => {
    const sandbox = new TestSandbox();
    const [first, second] = await Promise.all([sandbox.succeed("start"), sandbox.succeed("start")]);
    assert.deepEqual([first.started, second.started].sort(), [false, true]);
    assert.equal(first.armEndpoint, second.armEndpoint);
    assert.equal((await sandbox.succeed("start")).started, false);
    assert.deepEqual(await sandbox.succeed("stop"), { stopped: true });
    assert.deepEqual(processesOf(sandbox.folder), []);
    assert.deepEqual(await sandbox.succeed("stop"), { stopped: false });
    await sandbox.remove();
  });

  it("start again after the sandbox was killed", async () => {
    const sandbox = await TestSandbox.start();
    const { armEndpoint } = sandbox.description;
    const { pid } = await sandbox.admin("GET", "/sandbox/status");
    process.kill(pid as number, "SIGKILL");
    const again = await sandbox.succeed("start");
    assert.equal(again.started, true);
    assert.equal(again.armEndpoint, armEndpoint);
    await sandbox.remove();
  });

  it("keep two sandboxes apart", async () => {
    const [one, two] = await Promise.all([TestSandbox.start(), TestSandbox.start()]);
    try {
      assert.notEqual(one.description.armPort, two.description.armPort);
      assert.notEqual(one.description.subscriptionId, two.description.subscriptionId);
      await one.succeed("clock", "+2h");
      const ahead = await one.succeed("clock");
      const real = await two.succeed("clock");
      const now = (clock: JsonObject) => Date.parse(textAt(clock, "now") ?? "");
      assert.ok(now(ahead) - now(real) > 7_000_000);
    } finally {
      await Promise.all([one.remove(), two.remove()]);
    }
  });

  it("say in one sentence what is wrong and what to do", async () => {
    const sandbox = new TestSandbox();
    for (const command of [["up"], ["clock"], ["connect", "--vm", "web", "--user", "ada@example.com"]]) {
      assert.equal(
        await sandbox.fail(command[0]!, ...command.slice(1)),
        `error: No sandbox is running in ${sandbox.folder}. Start one with: npm run sandbox -- start`,
      );
    }
    await sandbox.remove();
  });

  it("refuse a port that is in use", async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, "127.0.0.1", () => {
        resolve((taken.address() as { port: number }).port);
      });
    });
    const sandbox = new TestSandbox();
    const message = await sandbox.fail("start", "--arm-port", String(port));
    assert.match(message, new RegExp(`did not start: Port ${port} \\(--arm-port\\) is in use on 127\\.0\\.0\\.1\\.`));
    taken.close();
    await sandbox.remove();
  });

  for (const [args, message] of [
    [["nonsense"], /unknown command 'nonsense'/],
    [["clock", "2h"], /'2h' is not a step of the clock\. Use a step such as \+2h, \+90m, \+1d12h or \+30s\./],
    [["start", "--arm-port", "99999"], /Must be a whole number from 1 to 65535\./],
    [["request", "--vm", "web"], /required option '--user <upn>' not specified/],
    [["connect", "--vm", "web"], /Pass --vm and --user, or --link\./],
    [["connect", "--vm", "web", "--link", "https://127.0.0.1/"], /Pass --vm and --user, or --link\./],
  ] as const) {
    it(`end with exit code 2 when called as: ${args.join(" ")}`, async () => {
      const sandbox = new TestSandbox();
      const { exitCode, stderr } = await sandbox.run(...args);
      assert.equal(exitCode, 2);
      assert.match(stderr, message);
      await sandbox.remove();
    });
  }

  it("explain themselves, with examples", async () => {
    const sandbox = new TestSandbox();
    const { exitCode, stdout } = await sandbox.run("request", "--help");
    assert.equal(exitCode, 0);
    assert.match(stdout, /Examples:\n {2}npm run -s sandbox -- request --vm web --user ada@example\.com/);
    await sandbox.remove();
  });
});
