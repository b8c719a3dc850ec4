import assert from "node:assert/strict";
import { dirname, join, delimiter } from "node:path";
import type { JsonObject } from "../../sandbox/arm/json.ts";
import { presentEngine } from "../../sandbox/engine/resolve.ts";
import { forSuite } from "../held.ts";
import { smallConfig, TestSandbox, unchanged } from "./harness.ts";

const project = join(import.meta.dirname, "../..");

interface Row {
  readonly change: string;
  readonly type: string;
  readonly resource: string;
  readonly property: string | null;
  readonly old: unknown;
  readonly new: unknown;
  readonly note: string | null;
}
interface Document {
  readonly drift: readonly Row[];
  readonly ignored: readonly Row[];
  readonly unchecked: readonly string[];
}

/** One deployment, which people and Azure change outside Pulumi. Each step undoes its change. */
describe("drift, in the sandbox", () => {
  const config = { ...smallConfig, tags: { owner: "platform" } };
  const network = "2024-05-01";
  const settings = "2021-05-01-preview";
  let engineFolder: string;
  let group: string;
  let total: number;

  const sandbox = forSuite(() => TestSandbox.start());
  before(async () => {
    engineFolder = dirname((await presentEngine()).engine!.command);
    group = `/subscriptions/${sandbox.description.subscriptionId}/resourceGroups/trail`;
    total = (await sandbox.up(config)).changes.create;
  });

  function run(...args: string[]) {
    const env = {
      PULUMI_HOME: join(sandbox.folder, "pulumi"),
      PATH: [engineFolder, process.env.PATH].join(delimiter),
    };
    return sandbox.cli(["drift", ...args], { env, cwd: project });
  }

  /** Runs it, and holds the exit code to what was found. */
  async function compare(): Promise<Document> {
    const { exitCode, stdout, stderr } = await run("--stack", "sandbox", "--json");
    assert.ok(exitCode < 2, stderr);
    const document = JSON.parse(stdout) as Document;
    assert.deepEqual(document.unchecked, []);
    assert.equal(exitCode, document.drift.length > 0 ? 1 : 0);
    return document;
  }

  async function arm(method: "GET" | "PUT" | "DELETE", id: string, version: string, body?: JsonObject) {
    const answer = await sandbox.arm(method, `${id}?api-version=${version}`, body);
    assert.ok(answer.status < 300, `${method} ${id}: ${JSON.stringify(answer.body)}`);
    await sandbox.succeed("clock", "+1m"); // Long-running operations end.
    return answer.body;
  }

  const nsg = () => `${group}/providers/Microsoft.Network/networkSecurityGroups/web-nsg`;
  const host = () => `${group}/providers/Microsoft.Network/bastionHosts/trail-bastion`;
  const openSsh: JsonObject = {
    properties: {
      access: "Allow",
      direction: "Inbound",
      priority: 200,
      protocol: "Tcp",
      sourcePortRange: "*",
      sourceAddressPrefix: "Internet",
      destinationAddressPrefix: "10.60.1.4",
      destinationPortRange: "22",
    },
  };

  it("is none after a deployment", async () => {
    const { drift, ignored } = await compare();
    assert.deepEqual(drift, []);
    // Those of the Bastion subnet's group, renewed since it was made.
    assert.ok(ignored.length > 0);
    for (const { property } of ignored) assert.match(property ?? "", /^securityRules\[\w+\]\.etag$/);
  });

  it("is a rule that somebody added to a VM's group, which a refresh leaves out", async () => {
    await arm("PUT", `${nsg()}/securityRules/open-ssh`, network, openSsh);
    assert.deepEqual(await compareAndRefresh(), [
      {
        change: "added",
        type: "azure-native:network:SecurityRule",
        resource: `${nsg()}/securityRules/open-ssh`,
        property: null,
        old: null,
        new: "allow inbound tcp from Internet to 10.60.1.4, port 22 (priority 200)",
        note: null,
      },
    ]);
    await arm("DELETE", `${nsg()}/securityRules/open-ssh`, network);
  });

  /** @returns the drift. Afterwards a refresh has recorded nothing of the VM's group. */
  async function compareAndRefresh(): Promise<readonly Row[]> {
    const { drift } = await compare();
    assert.deepEqual(await sandbox.refresh(config), { ...unchanged(total - 1), update: 1 });
    return drift;
  }

  it("is a tag that somebody changed", async () => {
    const { tags, ...vm } = await arm("GET", `${group}/providers/Microsoft.Compute/virtualMachines/web`, "2024-07-01");
    const { owner } = tags as JsonObject;
    const put = (value: unknown) =>
      arm("PUT", vm.id as string, "2024-07-01", { ...vm, tags: { owner: value as string } });
    await put("mallory");
    assert.deepEqual((await compare()).drift, [
      {
        change: "changed",
        type: "azure-native:compute:VirtualMachine",
        resource: vm.id,
        property: "tags.owner",
        old: owner,
        new: "mallory",
        note: null,
      },
    ]);
    await put(owner);
    assert.deepEqual((await compare()).drift, []);
  });

  it("is none during a JIT request, which changes the policy's requests and adds a rule", async () => {
    await sandbox.request("web");
    const { drift, ignored } = await compare();
    assert.deepEqual(drift, []);
    assert.deepEqual(
      ignored.map(({ type, property, new: now }) => [type, property, (now as unknown[]).length]),
      [["azure-native:security:JitNetworkAccessPolicy", "requests", 1]],
    );
  });

  it("is a rule under Defender's name that opens more than the request, also during that request", async () => {
    const { value } = await arm("GET", `${nsg()}/securityRules`, network);
    const [allow] = (value as JsonObject[]).filter((one) => (one.properties as JsonObject).access === "Allow");
    const { id, properties } = allow as { id: string; properties: JsonObject };
    const name = id.split("/").at(-1)!;
    const forged = `${nsg()}/securityRules/${name.replace(/-[0-9A-F]{32}$/i, `-${"F".repeat(32)}`)}`;
    await arm("PUT", forged, network, {
      properties: { ...properties, priority: 150, sourceAddressPrefix: "Internet" },
    });
    const { drift } = await compare();
    assert.deepEqual(
      drift.map(({ change, resource }) => [change, resource]),
      [["added", forged]],
    );
    assert.match(drift[0]!.note!, /Internet/);
    await arm("DELETE", forged, network);
  });

  it("is a diagnostic setting that somebody deleted", async () => {
    const list = await arm("GET", `${host()}/providers/Microsoft.Insights/diagnosticSettings`, settings);
    const [one] = list.value as { id: string; properties: JsonObject }[];
    await arm("DELETE", one!.id, settings);
    const { drift } = await compare();
    assert.deepEqual(
      drift.map(({ change, type, resource, property }) => [change, type, resource.toLowerCase(), property]),
      [["deleted", "azure-native:monitor:DiagnosticSetting", one!.id.toLowerCase(), null]],
    );
    await arm("PUT", one!.id, settings, { properties: one!.properties });
    assert.deepEqual((await compare()).drift, []);
  });

  it("is unknown where a resource cannot be read, and the error gives Azure's reason", async () => {
    await sandbox.admin("POST", "/sandbox/faults", {
      method: "GET",
      path: "/virtualNetworks/",
      kind: "status",
      status: 403,
      code: "AuthorizationFailed",
      message: "The client may not read networks.",
    });
    const { exitCode, stdout, stderr } = await run("--stack", "sandbox", "--json");
    await sandbox.admin("DELETE", "/sandbox/faults");
    assert.deepEqual([exitCode, stdout], [2, ""]);
    assert.match(stderr, /^error: Pulumi cannot refresh the stack: .*The client may not read networks\./s);
  });

  it("is unknown for a stack that does not exist", async () => {
    const { exitCode, stderr } = await run("--stack", "nowhere");
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: Pulumi cannot find stack 'nowhere'\. /);
  });

  it("changes nothing: neither Azure nor the stack's state", async () => {
    assert.deepEqual(await sandbox.preview(config), unchanged(total));
  });
});
