import assert from "node:assert/strict";
import { objectsAt, textAt, type JsonObject } from "../../sandbox/arm/json.ts";
import { forSuite } from "../held.ts";
import { smallConfig, TestSandbox, unchanged, type StackConfig } from "./harness.ts";

const sshPublicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1qS1ZzT0Z1b0p6c2p2Zk1tR3FvYkd2WlN4d2Q1RzhB ada@example.com";

/** Configs that have every resource type of the program between them, with what Azure spells in its own way. */
const configs: Readonly<Record<string, StackConfig>> = {
  "Premium with recording, locks, zones, tags and every login": {
    ...smallConfig,
    bastionSku: "Premium",
    sessionRecording: true,
    bastionZones: ["1", "2"],
    immutability: "unlocked",
    lock: "CanNotDelete",
    tags: { owner: "platform", "cost center": "42" },
    vms: [
      { name: "web", login: "entraId", zone: "2" },
      { name: "Desk", os: "windows" },
      { name: "db", sshPublicKey, jitPorts: [22, 5432], jitMaxDuration: "90m" },
    ],
  },
  "Standard with a locked archive": {
    ...smallConfig,
    bastionSku: "Standard",
    nativeClient: true,
    immutability: "locked",
    immutabilityDays: 1,
  },
  "Developer without evidence": { ...smallConfig, bastionSku: "Developer", audit: false, activityLogExport: false },
};

describe("a refresh with nothing changed in Azure", () => {
  for (const [name, config] of Object.entries(configs)) {
    describe(`of ${name}`, () => {
      const sandbox = forSuite(() => TestSandbox.start());
      let total: number;

      before(async () => {
        total = (await sandbox.up(config)).changes.create;
      });

      it("shows only etags that are new since the group's subnet was made, and a preview after it shows nothing", async () => {
        // A Developer host has no subnet, so no group with inline rules, of which azure-native takes etags for inputs.
        const etags = config.bastionSku === "Developer" ? 0 : 1;
        assert.deepEqual(await sandbox.refresh(config), { ...unchanged(total - etags), update: etags });
        assert.deepEqual(await sandbox.refresh(config), unchanged(total));
        assert.deepEqual(await sandbox.preview(config), unchanged(total));
      });

      it("shows only the policy of an active JIT request, and a preview after it shows nothing", async () => {
        await sandbox.request("web");
        assert.deepEqual(await sandbox.refresh(config), { ...unchanged(total - 1), update: 1 });
        assert.deepEqual(await sandbox.refresh(config), unchanged(total));
        assert.deepEqual(await sandbox.preview(config), unchanged(total));
      });
    });
  }
});

describe("an update during a JIT request, after a refresh", () => {
  const sandbox = forSuite(() => TestSandbox.start());
  let total: number;
  const longer: StackConfig = { ...smallConfig, vms: [{ name: "web", login: "entraId", jitMaxDuration: "4h" }] };
  const policyPath = "Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/web-jit";
  const stale =
    'JitVirtualMachine "web": the JIT requests in the stack\'s state are not those in Azure, and this update of the ' +
    'policy would write them back. Run "pulumi up --refresh".';

  before(async () => {
    total = (await sandbox.up()).changes.create;
    await sandbox.request("web");
    await sandbox.refresh();
  });

  const policy = async (): Promise<JsonObject> => {
    const id = `/subscriptions/${sandbox.description.subscriptionId}/resourceGroups/trail/providers/${policyPath}`;
    return (await sandbox.arm("GET", `${id}?api-version=2020-01-01`)).body;
  };

  it("keeps the rules that Defender wrote into the network security group", async () => {
    const tagged = await sandbox.up({ ...smallConfig, tags: { owner: "platform" } });
    assert.ok(tagged.changes.update > 0);
    assert.equal((await sandbox.connect("web")).outcome, "connected");
    await sandbox.up();
    assert.equal((await sandbox.connect("web")).outcome, "connected");
  });

  it("of the policy is refused in preview and up once somebody made another request", async () => {
    await sandbox.request("web", 30);
    for (const command of ["preview", "up"]) {
      const said = await sandbox.fail(command, ...sandbox.config(longer));
      assert.ok(said.includes(stale), said);
    }
    const [vm] = objectsAt(await policy(), "properties.virtualMachines");
    assert.equal(textAt(objectsAt(vm, "ports")[0], "maxRequestAccessDuration"), "PT3H");
  });

  it("passes after another refresh, and sends the requests that Azure has", async () => {
    await sandbox.refresh(longer);
    const before = objectsAt(await policy(), "properties.requests");
    assert.equal(before.length, 2);
    assert.deepEqual((await sandbox.up(longer)).changes, { ...unchanged(total - 1), update: 1 });
    const now = await policy();
    const [vm] = objectsAt(now, "properties.virtualMachines");
    assert.equal(textAt(objectsAt(vm, "ports")[0], "maxRequestAccessDuration"), "PT4H");
    assert.deepEqual(objectsAt(now, "properties.requests"), before);
    assert.equal((await sandbox.connect("web")).outcome, "connected");
  });

  it("leaves the other resources alone without a refresh as well", async () => {
    await sandbox.request("web", 45);
    assert.deepEqual(await sandbox.preview(longer), unchanged(total));
  });
});
