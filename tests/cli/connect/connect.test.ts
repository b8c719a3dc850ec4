import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectOptions } from "../../../cli/commands/connect.ts";
import { runConnect } from "../../../cli/connect/connect.ts";
import { AccessBench, given } from "../accessBench.ts";

const hour = 3_600_000;

/** An `az` that notes its arguments and ends with this exit code. */
function fakeAz(folder: string, exitCode: number): void {
  const file = join(folder, "az");
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$@" > '${join(folder, "arguments")}'\nexit ${exitCode}\n`);
  chmodSync(file, 0o755);
}

describe("connect", () => {
  let azure: AccessBench;
  let folder: string;
  before(async () => {
    azure = await AccessBench.start({ host: { enableTunneling: true } });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "az-"));
    fakeAz(folder, 0);
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await azure.reset();
  });
  after(() => azure.end());

  async function connect(values: object, operands: string[] = ["vm-app"], env: Record<string, string> = {}) {
    const io = azure.io({ env: { PATH: `${folder}:/bin:/usr/bin`, HOME: folder, ...env } });
    const exitCode = await runConnect(given(connectOptions, values, ...operands), io, azure.open);
    return { exitCode, ...io.written };
  }
  const called = () => readFileSync(join(folder, "arguments"), "utf8").trimEnd().split("\n");
  const requests = async () => {
    const { arm, settings } = await azure.open();
    const { listJitPolicies } = await import("../../../azure/jitPolicies.ts");
    const policies = await listJitPolicies(arm, await settings.need("subscriptionId"));
    return policies.flatMap((policy) =>
      policy.requests.map(({ justification, ports }) => [justification, ports.length]),
    );
  };

  it("requests access, waits for it, and hands over to the Azure CLI", async () => {
    const { exitCode, stdout, stderr } = await connect({ reason: "INC-1", for: hour / 2 });
    assert.deepEqual([exitCode, stdout], [0, ""]);
    assert.match(stderr, /^Port 22 of vm-app is open until \S+ \S+Z\.\n$/);
    assert.deepEqual(called(), [
      "network",
      "bastion",
      "ssh",
      "--name",
      "bas-main",
      "--resource-group",
      "rg-access",
      "--subscription",
      azure.bench.plane.identity.subscriptionId,
      "--target-resource-id",
      azure.bench.path.vmId,
      "--resource-port",
      "22",
      "--auth-type",
      "password",
      "--username",
      "azureuser",
    ]);
    assert.deepEqual(await requests(), [["INC-1", 1]]);
  });

  it("passes the Azure CLI's exit code on", async () => {
    fakeAz(folder, 255);
    assert.equal((await connect({ reason: "INC-1" })).exitCode, 255);
  });

  it("uses a request that is active, and says whose it is", async () => {
    await azure.bench.request(90);
    const { exitCode, stderr } = await connect({});
    assert.equal(exitCode, 0);
    assert.match(stderr, /^Port 22 of vm-app is open until \S+ \S+Z, requested by ada@example\.com\.\n$/);
    assert.equal((await requests()).length, 1);
  });

  it("makes a request of one's own where one says so", async () => {
    await azure.bench.request(90);
    await connect({ newRequest: true, reason: "mine" });
    assert.deepEqual((await requests()).at(-1), ["mine", 1]);
  });

  it("requests anew where the active request's rule is gone, or it is about to end", async () => {
    await azure.bench.request(90);
    const { store } = azure.bench.plane;
    const rule = store
      .ofType("Microsoft.Network/networkSecurityGroups/securityRules")
      .find(({ name }) => name.includes("JITRule-"));
    store.delete(rule!.id);
    await assert.rejects(connect({}), { message: "Nobody has port 22 of vm-app open, and a request needs a reason." });
    await connect({ reason: "again", for: 90_000 });
    await azure.bench.plane.clock.advance(45_000);
    await connect({ reason: "once more" });
    assert.deepEqual((await requests()).map(([justification]) => justification).slice(1), ["again", "once more"]);
  });

  it("needs a reason for a request", async () => {
    await assert.rejects(connect({}), {
      name: "UserError",
      message: "Nobody has port 22 of vm-app open, and a request needs a reason.",
      nextStep: 'Give --reason "...", and --for how long.',
    });
    assert.deepEqual(await requests(), []);
  });

  it("opens nothing where the Azure CLI is missing", async () => {
    rmSync(join(folder, "az"));
    const link = `https://portal.example/#@${azure.bench.plane.identity.tenantId}/resource${azure.bench.path.vmId}`;
    await assert.rejects(connect({ reason: "INC-1" }, ["vm-app"], { PATH: folder }), {
      name: "UserError",
      message: "The Azure CLI (az), which has the native client, is not on PATH.",
      nextStep: `Install it from https://aka.ms/azure-cli and run \`az login\`, or connect in the portal: ${link}`,
    });
    assert.deepEqual(await requests(), []);
  });

  it("does not hand over where the rule does not come in time", async () => {
    const { store } = azure.bench.plane;
    const put = store.put.bind(store);
    // Defender takes the request, and is slow to write its rule.
    store.put = (resource) => (resource.name.includes("JITRule-") ? { ...resource, etag: "" } : put(resource)) as never;
    try {
      await assert.rejects(connect({ reason: "INC-1", timeout: 1 }), {
        message: "Azure took the request, but port 22 of vm-app did not open in time.",
        nextStep: "Look again with `bastion-trail jit ls`, and connect once it is active.",
      });
    } finally {
      store.put = put;
    }
    assert.throws(called);
  });

  it("hands ssh's own arguments on", async () => {
    await connect({ reason: "INC-1" }, ["vm-app", "-L", "8080:localhost:80"]);
    assert.deepEqual(called().slice(-3), ["--", "-L", "8080:localhost:80"]);
  });

  it("tells where a tunnel ends", async () => {
    const { stderr } = await connect({ reason: "INC-1", tunnel: 10_022 });
    assert.match(stderr, /A tunnel: connect your client to localhost:10022\. Ctrl\+C closes it\.\n$/);
    assert.deepEqual([called()[2], ...called().slice(-4)], ["tunnel", "--resource-port", "22", "--port", "10022"]);
  });

  it("prints instead of starting anything, with --json", async () => {
    rmSync(join(folder, "az"));
    const { stdout } = await connect({ json: true, reason: "INC-1" });
    const { connection } = JSON.parse(stdout) as { connection: Record<string, unknown> };
    const { command, until, ...rest } = connection;
    assert.deepEqual((command as string[]).slice(0, 4), ["az", "network", "bastion", "ssh"]);
    assert.ok(!Number.isNaN(Date.parse(until as string)));
    assert.deepEqual(rest, {
      vm: azure.bench.path.vmId,
      vmName: "vm-app",
      port: 22,
      method: "ssh",
      link: `https://portal.example/#@${azure.bench.plane.identity.tenantId}/resource${azure.bench.path.vmId}`,
      access: "opened",
      requestor: null,
      reason: "INC-1",
    });
  });

  it("takes a private key of one's own, or the one that lies where ssh looks", async () => {
    mkdirSync(join(folder, ".ssh"));
    writeFileSync(join(folder, ".ssh", "id_ed25519"), "");
    await connect({ reason: "INC-1", auth: "ssh-key" });
    assert.deepEqual(called().slice(-4), ["--username", "azureuser", "--ssh-key", join(folder, ".ssh", "id_ed25519")]);
    await assert.rejects(connect({ auth: "ssh-key", sshKey: "/nope" }), { message: "There is no private key /nope." });
  });

  describe("where the Bastion host has no native client", () => {
    const withHost = async (change: object, run: () => Promise<void>) => {
      const { store } = azure.bench.plane;
      const host = store.get(azure.bench.path.bastionId)!;
      store.put({ ...host, body: { ...host.body, ...change } });
      try {
        await run();
      } finally {
        store.put(host);
      }
    };

    it("prints the VM's page in the portal, once access is there", async () => {
      await withHost({ sku: { name: "Basic" } }, async () => {
        rmSync(join(folder, "az"));
        const { exitCode, stdout, stderr } = await connect({ reason: "INC-1" });
        assert.equal(exitCode, 0);
        const { tenantId } = azure.bench.plane.identity;
        assert.equal(stdout, `https://portal.example/#@${tenantId}/resource${azure.bench.path.vmId}\n`);
        assert.match(
          stderr,
          /\nThe Bastion host bas-main has the SKU Basic, which has no native client\. Connect from the VM's page in the portal:\n$/,
        );
        assert.deepEqual(await requests(), [["INC-1", 1]]);
      });
    });

    it("says that it is switched off", async () => {
      const { properties } = azure.bench.plane.store.get(azure.bench.path.bastionId)!.body as { properties: object };
      await withHost({ properties: { ...properties, enableTunneling: false } }, async () => {
        const { stderr } = await connect({ reason: "INC-1" });
        assert.match(stderr, /\nThe native client of the Bastion host bas-main is switched off \(enableTunneling\)\./);
      });
    });
  });

  it("is for VMs with a policy", async () => {
    await assert.rejects(connect({}, ["nope"]), { message: "No JIT policy covers the VM 'nope'." });
  });
});
