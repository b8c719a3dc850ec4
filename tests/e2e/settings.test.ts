import assert from "node:assert/strict";
import { textAt } from "../../sandbox/arm/json.ts";
import { AzureClients } from "./azureClients.ts";
import { forSuite } from "../held.ts";
import { smallConfig, TestSandbox, unchanged, type StackConfig } from "./harness.ts";

const group = "trail";

/** Stacks of other shapes, one after another in one sandbox. */
describe("the settings of a stack", () => {
  let azure: AzureClients;

  const sandbox = forSuite(() => TestSandbox.start());
  before(() => {
    azure = new AzureClients(sandbox);
  });

  it("are refused with all their problems at once, whatever type their values have", async () => {
    const malformed = { location: null, vms: { name: "web" }, tags: null, audit: [true], archiveRetentionDays: "long" };
    assert.equal(
      await sandbox.fail("preview", ...sandbox.config(malformed)),
      [
        "error: The config of stack sandbox has 5 problems:",
        '  - bastion-trail:location is ""; must be the short name of an Azure region, such as "westeurope".',
        '  - bastion-trail:tags is ""; must be an object of tag names and values, such as {team: blue}.',
        "  - bastion-trail:audit is [true]; must be true or false.",
        '  - bastion-trail:archiveRetentionDays is "long"; must be a whole number from 1 to 36500.',
        '  - bastion-trail:vms is {"name":"web"}; must be a list of VMs, such as [{name: web}].',
      ].join("\n"),
    );
  });

  describe("for a Developer host without audit", () => {
    const developer: StackConfig = {
      ...smallConfig,
      bastionSku: "Developer",
      audit: false,
      activityLogExport: false,
      flowLogs: "off",
    };

    it("are counted by a preview of the empty stack, which creates nothing", async () => {
      const { changes, resources, ...rest } = await sandbox.succeed("preview", ...sandbox.config(developer));
      assert.deepEqual(rest, {});
      assert.deepEqual(changes, { ...unchanged(0), create: 19 });
      const listed = resources as { change: string; type: string; name: string }[];
      assert.equal(listed.length, 19);
      assert.deepEqual([...new Set(listed.map(({ change }) => change))], ["create"]);
      assert.equal(new Set(listed.map(({ type, name }) => `${type} ${name}`)).size, 19);
      assert.deepEqual(await sandbox.resourceIds(), []);
    });

    it("deploy neither subnet, public IP address nor evidence, exactly as previewed", async () => {
      const { outputs, changes, ...rest } = await sandbox.succeed("up", ...sandbox.config(developer));
      assert.deepEqual(rest, {});
      assert.deepEqual(changes, { ...unchanged(0), create: 19 });
      assert.deepEqual(Object.keys(outputs as object).sort(), [
        "adminPasswords",
        "bastionHostId",
        "links",
        "subscriptionId",
        "tenantId",
        "virtualNetworkId",
        "vms",
      ]);
      assert.deepEqual(await sandbox.succeed("status"), { outputs, changes });
      assert.deepEqual((await sandbox.resourceIds()).map((id) => id.split("/").slice(-2).join("/")).sort(), [
        "bastionHosts/trail-bastion",
        "disks/web-osdisk",
        "extensions/AADSSHLoginForLinux",
        "networkInterfaces/web-nic",
        "networkSecurityGroups/web-nsg",
        "virtualMachines/web",
        "virtualNetworks/trail-vnet",
      ]);
      const host = await azure.network.bastionHosts.get(group, "trail-bastion");
      assert.deepEqual([host.sku?.name, host.ipConfigurations], ["Developer", []]);
    });

    it("let somebody in after a request, and leave no record anywhere", async () => {
      await sandbox.request("web");
      const connected = await sandbox.connect("web");
      assert.deepEqual([connected.outcome, "deliveries" in connected && connected.deliveries], ["connected", []]);
      assert.deepEqual(await sandbox.succeed("destroy", ...sandbox.config(developer)), {
        changes: { ...unchanged(0), delete: 19 },
      });
    });
  });

  describe("that are wrong", () => {
    const wrong: StackConfig = {
      location: "West Europe",
      namePrefix: "trail",
      bastionSku: "Basic",
      bastionScaleUnits: 5,
      nativeClient: true,
      bastionSubnetPrefix: "10.60.0.0/27",
      archiveRetentionDays: 0,
      vms: [{ name: "web" }, { name: "web", os: "windows", login: "sshKey" }],
    };
    const message = [
      "error: The config of stack sandbox has 8 problems:",
      '  - bastion-trail:location is "West Europe"; must be the short name of an Azure region, such as "westeurope" (did you mean westeurope?).',
      '  - bastion-trail:bastionSubnetPrefix is "10.60.0.0/27"; too small; must be /26 or larger.',
      "  - bastion-trail:nativeClient is true; the native client (tunneling) requires SKU Standard or Premium, not Basic.",
      "  - bastion-trail:bastionScaleUnits is 5; the Basic SKU has exactly 2; more require SKU Standard or Premium.",
      "  - bastion-trail:archiveRetentionDays is 0; must be a whole number of days from 1 to 36500.",
      "  - bastion-trail:vms[0].sshPublicKey is missing; required with login sshKey; or set login to entraId or password.",
      '  - bastion-trail:vms[1].login is "sshKey"; must be entraId or password on windows, which has no SSH key login.',
      '  - bastion-trail:vms[1].name is "web"; vms[0] already has this name.',
    ].join("\n");

    for (const command of ["preview", "up"] as const) {
      it(`are all named at once by ${command}, each with its key, its value and what is allowed`, async () => {
        assert.equal(await sandbox.fail(command, ...sandbox.config(wrong)), message);
      });
    }

    it("create nothing", async () => {
      assert.deepEqual(await sandbox.resourceIds(), []);
      const groups = await Array.fromAsync(azure.resources.resourceGroups.list());
      // Azure's own, of the first virtual network that was in the region.
      assert.deepEqual(
        groups.map(({ name }) => name),
        ["NetworkWatcherRG"],
      );
      assert.deepEqual((await sandbox.succeed("status")).outputs, {});
    });

    it("are refused when audit logs are to be kept of a Developer host, because it emits none", async () => {
      assert.equal(
        await sandbox.fail("preview", ...sandbox.config({ ...smallConfig, bastionSku: "Developer" })),
        'error: The config of stack sandbox: bastion-trail:bastionSku is "Developer"; the Developer SKU emits no audit logs; ' +
          "auditing requires SKU Basic, Standard or Premium.",
      );
    });
  });

  it("are refused with a region that Azure does not have, or that lacks the zones", async () => {
    const zoned = { ...smallConfig, location: "ukwest", archiveReplication: "Standard_ZRS" };
    const problem = "error: The config of stack sandbox: bastion-trail:";
    assert.equal(
      await sandbox.fail("preview", ...sandbox.config({ ...zoned, location: "westeurop" })),
      `${problem}location is "westeurop"; the subscription has no such region (did you mean westeurope?).`,
    );
    assert.equal(
      await sandbox.fail("preview", ...sandbox.config(zoned)),
      `${problem}archiveReplication is "Standard_ZRS"; ukwest has no availability zones; remove it, or choose another region.`,
    );
  });

  describe("that Azure refuses at the first deployment", () => {
    it("are corrected: where nothing was created, nothing can be lost", async () => {
      await sandbox.admin("POST", "/sandbox/faults", {
        kind: "status",
        status: 403,
        code: "RequestDisallowedByPolicy",
        message: "Set by a test.",
        method: "PUT",
        path: "/resourceGroups/trail$",
      });
      assert.match(
        await sandbox.fail("up", ...sandbox.config(smallConfig)),
        /^error: ResourceGroup group-group: Status=403 Code="RequestDisallowedByPolicy"/,
      );
      await sandbox.admin("DELETE", "/sandbox/faults");
      const { create, update } = await sandbox.preview({
        ...smallConfig,
        namePrefix: "other",
        activityLogExport: false,
      });
      assert.deepEqual([create > 30, update], [true, 1]);
      await sandbox.destroy();
    });
  });

  describe("for session recording", () => {
    const recording: StackConfig = { ...smallConfig, bastionSku: "Premium", sessionRecording: true };
    let hostId: string;

    it("make a container with CORS for the host's player, and tell what is left to do", async () => {
      const { exitCode, stderr, stdout } = await sandbox.run("up", "--json", ...sandbox.config(recording));
      assert.equal(exitCode, 0, stderr);
      const { outputs } = JSON.parse(stdout) as { outputs: never };
      const accounts = await Array.fromAsync(azure.storage.storageAccounts.listByResourceGroup(group));
      const account = accounts.find(({ name }) => name?.startsWith("recordings"));
      const url = `${account?.primaryEndpoints?.blob}session-recordings`;
      const next =
        "Bastion host trail-bastion records sessions, and refuses every session until it has a SAS URL (read, create, write, list) " +
        `of the container ${url}. Upload it once, in the portal under "Session recordings" of the host.`;
      assert.equal(textAt(outputs, "recordingNextStep"), next);
      assert.ok(stderr.includes(`warning: BastionHost bastion: ${next}`), stderr);
      assert.equal(account?.allowSharedKeyAccess, true);
      const host = await azure.network.bastionHosts.get(group, "trail-bastion");
      hostId = host.id ?? "";
      const { cors } = await azure.storage.blobServices.getServiceProperties(group, account.name!);
      assert.deepEqual(
        cors?.corsRules?.map(({ allowedOrigins }) => allowedOrigins),
        [[`https://${host.dnsName}`]],
      );
    });

    it("let nobody in until the host has a SAS URL of the container", async () => {
      await sandbox.request("web");
      assert.deepEqual(await sandbox.connect("web"), {
        outcome: "refused",
        reason: "Cannot connect to session without valid SAS URL",
      });
      const until = new Date(Date.now() + 86_400_000).toISOString();
      const sasUrl = `https://example.blob.core.windows.net/session-recordings?sp=rcwl&se=${until}&sig=signature`;
      await sandbox.arm("POST", `${hostId}/setsessionrecordingsasurl?api-version=2023-09-01`, { sasUrl });
      assert.equal((await sandbox.connect("web")).outcome, "connected");
    });

    it("go with destroy, recordings and all", async () => {
      await sandbox.destroy(recording);
      assert.deepEqual(await sandbox.resourceIds(), []);
    });
  });
});
