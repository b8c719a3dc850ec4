import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { driftOptions } from "../../../../cli/commands/drift/options.ts";
import { runDrift } from "../../../../cli/commands/drift/drift.ts";
import { withProperties, type JsonObject } from "../../../../sandbox/arm/json.ts";
import { jitId, planId, putPlan, versions } from "../../../sandbox/auditResources.ts";
import { AccessBench, given } from "../../accessBench.ts";
import type { FakeIo } from "../../fakeIo.ts";
import { forSuite, temporaryFolder } from "../../../held.ts";

/** A network security group in Azure, with a JIT policy for the VM behind it, and what Pulumi says of the stack. */
describe("drift", () => {
  const azure = forSuite(() => AccessBench.start());
  const folder = forSuite(temporaryFolder);
  before(() => {
    const { plane, path } = azure.bench;
    // Which the control plane of a whole sandbox adds by itself.
    const nic = plane.store.get(path.nicId)!;
    plane.store.put({ ...nic, body: withProperties(nic.body, { virtualMachine: { id: path.vmId } }) });
  });
  beforeEach(() => azure.reset());

  const urn = (types: string, name: string): string => `urn:pulumi:dev::trail::${types}::${name}`;
  const step = (type: string, id: string, more: JsonObject = {}, now: JsonObject = {}): JsonObject => {
    const state = { custom: true, id, inputs: {}, ...more };
    return { op: "refresh", urn: urn(type, "x"), oldState: state, newState: { ...state, ...now } };
  };
  const group = (): JsonObject => step("azure-native:network:NetworkSecurityGroup", azure.bench.path.nsgId);
  const changed = (resource: JsonObject, ...names: string[]): JsonObject => ({ ...resource, diffReasons: names });
  const requests = (): JsonObject =>
    changed(
      step(
        "azure-native:security:JitNetworkAccessPolicy",
        jitId(azure.bench.plane),
        { ignoreChanges: ["requests"] },
        { inputs: { requests: [{ requestor: "ada" }] } },
      ),
      "requests",
    );

  async function run(steps: JsonObject[], options: object = {}): Promise<{ exitCode: number; io: FakeIo }> {
    writeFileSync(join(folder.path, "pulumi"), `#!/bin/sh\ncat <<'END'\n${JSON.stringify({ steps })}\nEND\n`);
    chmodSync(join(folder.path, "pulumi"), 0o755);
    const io = azure.io({ env: { PATH: [folder.path, process.env.PATH].join(delimiter) } });
    const exitCode = await runDrift(given(driftOptions, options), io, azure.open);
    return { exitCode, io };
  }
  const rule = (name: string, properties: JsonObject) =>
    azure.bench.plane.send("PUT", `${azure.bench.path.nsgId}/securityRules/${name}`, versions.bastion, { properties });
  const open: JsonObject = {
    priority: 300,
    access: "Allow",
    direction: "Inbound",
    protocol: "Tcp",
    sourceAddressPrefix: "Internet",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
    destinationPortRange: "22",
  };

  it("is none for a stack as it was deployed", async () => {
    const { exitCode, io } = await run([group()]);
    assert.deepEqual([exitCode, io.written.stdout], [0, "No drift.\n"]);
    assert.equal(io.written.stderr, "1 resource compared.\n");
  });

  it("is none during a JIT request: neither the policy's requests nor Defender's rule", async () => {
    await azure.bench.request();
    const { exitCode, io } = await run([group(), requests()], { json: true });
    const { drift, ignored, unchecked } = JSON.parse(io.written.stdout) as Record<string, JsonObject[]>;
    assert.deepEqual([exitCode, drift, unchecked], [0, [], []]);
    assert.deepEqual(ignored, [
      {
        change: "changed",
        type: "azure-native:security:JitNetworkAccessPolicy",
        resource: jitId(azure.bench.plane),
        property: "requests",
        old: null,
        new: [{ requestor: "ada" }],
        note: null,
      },
    ]);
    assert.equal(io.written.stderr, "1 ignored property left out, 2 resources compared.\n");
  });

  it("is a rule that somebody added, a value that changed and a resource that is gone", async () => {
    await rule("open-ssh", open);
    const tags = step("azure-native:network:VirtualNetwork", "/net", { inputs: { tags: { owner: "ada" } } });
    const gone = { ...step("azure-native:monitor:DiagnosticSetting", "/host/audit"), op: "delete" };
    const now = changed({ ...tags, newState: { custom: true, inputs: { tags: { owner: "eve" } } } }, "tags");
    const { exitCode, io } = await run([group(), now, gone]);
    assert.equal(exitCode, 1);
    assert.deepEqual(
      io.written.stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(/ {2,}/)),
      [
        ["CHANGE", "RESOURCE", "TYPE", "PROPERTY", "DEPLOYED", "NOW", "NOTE"],
        ["changed", "net", "network:VirtualNetwork", "tags.owner", "ada", "eve", "-"],
        ["deleted", "audit", "monitor:DiagnosticSetting", "-", "-", "-", "-"],
        [
          "added",
          "nsg-vm-app/open-ssh",
          "network:SecurityRule",
          "-",
          "-",
          "allow inbound tcp from Internet to *, port 22 (priority 300)",
          "-",
        ],
      ],
    );
    assert.equal(
      io.written.stderr,
      "1 property changed, 1 resource deleted, 1 rule added, 3 resources compared. `pulumi up --refresh` restores what " +
        "changed or was deleted. Delete the added rules, or add them to the program.\n",
    );
    await azure.bench.plane.send("DELETE", `${azure.bench.path.nsgId}/securityRules/open-ssh`, versions.bastion);
  });

  it("is a rule under Defender's name that no request asked for, with what is wrong with it", async () => {
    const name = "MicrosoftDefenderForCloud-JITRule-7-0123456789ABCDEF0123456789ABCDEF";
    await rule(name, { ...open, priority: 101 });
    const { exitCode, io } = await run([group()], { csv: true });
    const [header, row, ...more] = io.written.stdout.trimEnd().split(/\r?\n/);
    assert.deepEqual([exitCode, header, more], [1, "change,resource,type,property,old,new,note", []]);
    assert.match(row!, new RegExp(`^added,/subscriptions/.*/securityRules/${name},.*no request asked for it`));
    await azure.bench.plane.send("DELETE", `${azure.bench.path.nsgId}/securityRules/${name}`, versions.bastion);
  });

  it("is the Defender plan that the stack set and somebody switched off, of which a refresh reads nothing", async () => {
    const plan = step("bastion-trail:index:DefenderPlan$pulumi-nodejs:dynamic:Resource", "pricing");
    assert.equal((await run([group(), plan])).exitCode, 0);
    await azure.bench.plane.send("PUT", planId(azure.bench.plane), versions.pricing, {
      properties: { pricingTier: "Free" },
    });
    const { exitCode, io } = await run([group(), plan], { json: true });
    const { drift } = JSON.parse(io.written.stdout) as Record<string, JsonObject[]>;
    assert.equal(exitCode, 1);
    assert.deepEqual(drift, [
      {
        change: "changed",
        type: "azure-native:security:Pricing",
        resource: planId(azure.bench.plane),
        property: "pricingTier",
        old: "Standard P2",
        new: "Free",
        note: "Defender for Servers is off in this subscription, so nobody can request access.",
      },
    ]);
    await putPlan(azure.bench.plane);
  });

  it("is incomplete where the rules cannot be read; what a refresh shows is printed", async () => {
    await azure.fault({
      path: "/networkSecurityGroups",
      kind: "status",
      status: 403,
      code: "AuthorizationFailed",
      message: "You may not read it.",
    });
    const gone = { ...step("azure-native:monitor:DiagnosticSetting", "/host/audit"), op: "delete" };
    const { exitCode, io } = await run([group(), gone], { json: true });
    const { drift, unchecked } = JSON.parse(io.written.stdout) as { drift: JsonObject[]; unchecked: string[] };
    assert.deepEqual([exitCode, drift.map(({ change }) => change), unchecked.length], [2, ["deleted"], 1]);
    assert.match(unchecked[0]!, /^the rules of 1 network security group\. .*You may not read it/s);
    assert.match(io.written.stderr, /\nNot compared: the rules of 1 network security group\. /);
  });

  it("is shown in one form", async () => {
    await assert.rejects(run([], { json: true, csv: true }), { name: "UserError" });
  });
});
