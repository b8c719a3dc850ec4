import assert from "node:assert/strict";
import fc from "fast-check";
import { ValidationError } from "../../../components/shared/validate.ts";
import { keys } from "../../../program/config/keys.ts";
import { parseConfig } from "../../../program/config/index.ts";
import { configOf, existing, keyOf, problemsOf, publicKey } from "../../stackConfig.ts";

describe("the stack's config, as a whole,", () => {
  describe("refuses", () => {
    it("subnets that Azure would refuse", () => {
      assert.deepEqual(problemsOf({ bastionSubnetPrefix: "10.60.0.0/27", vmSubnetPrefix: "10.61.0.0/24" }).map(keyOf), [
        "bastionSubnetPrefix",
        "vmSubnetPrefix",
      ]);
    });

    it("features that the SKU does not have, in the words of the config", () => {
      assert.deepEqual(problemsOf({ nativeClient: true, bastionScaleUnits: 3, privateOnly: true }), [
        "nativeClient is true; the native client (tunneling) requires SKU Standard or Premium, not Basic",
        "privateOnly is true; private-only requires SKU Premium, not Basic",
        "bastionScaleUnits is 3; the Basic SKU has exactly 2; more require SKU Standard or Premium",
      ]);
      assert.deepEqual(problemsOf({ bastionSku: "Premium", nativeClient: true, sessionRecording: true }), [
        "nativeClient is true; not allowed with sessionRecording: native client sessions cannot be recorded",
      ]);
    });

    it("auditing a Developer host, which emits no audit logs, and giving it a subnet", () => {
      assert.deepEqual(problemsOf({ bastionSku: "Developer" }), [
        'bastionSku is "Developer"; the Developer SKU emits no audit logs; auditing requires SKU Basic, Standard or Premium',
      ]);
      assert.deepEqual(problemsOf({ bastionSku: "Developer", audit: false }), []);
      assert.deepEqual(problemsOf({ bastionSku: "Developer", audit: false, bastionSubnetPrefix: "10.60.3.0/26" }), [
        'bastionSubnetPrefix is "10.60.3.0/26"; the Developer SKU has no subnet of its own; remove it',
      ]);
    });

    it("a retention that immutability makes impossible, and days without immutability", () => {
      assert.deepEqual(problemsOf({ immutability: "unlocked", archiveRetentionDays: 30 }).map(keyOf), [
        "archiveRetentionDays",
      ]);
      assert.deepEqual(problemsOf({ immutabilityDays: 10 }), [
        "immutabilityDays is 10; has no effect unless immutability is unlocked or locked",
      ]);
    });

    it("flow logs that nobody keeps, or that have no workspace to go to", () => {
      const networkWatcherId =
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.Network/networkWatchers/w";
      assert.deepEqual(problemsOf({ flowLogs: "off", flowLogRetentionDays: 30, networkWatcherId }), [
        "flowLogRetentionDays is 30; has no effect while flowLogs is off; remove it",
        `networkWatcherId is "${networkWatcherId}"; has no effect while flowLogs is off; remove it`,
      ]);
      assert.deepEqual(problemsOf({ flowLogs: "off" }), []);
      assert.deepEqual(problemsOf({ flowLogRetentionDays: 0, networkWatcherId: "NetworkWatcher_westeurope" }), [
        "flowLogRetentionDays is 0; must be a whole number of days from 1 to 36500",
        'networkWatcherId is "NetworkWatcher_westeurope"; must be the ARM id of a Microsoft.Network/networkWatchers resource',
      ]);
      const flowLogs = "archive-and-workspace";
      assert.deepEqual(problemsOf({ flowLogs, audit: false, activityLogExport: false }), [
        'flowLogs is "archive-and-workspace"; requires audit or activityLogExport: without both, the stack has no workspace',
      ]);
      assert.deepEqual(problemsOf({ flowLogs, audit: false }), []);
    });

    it("a vault for passwords that no VM has", () => {
      const passwordVaultId =
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v";
      const idle = `passwordVaultId is "${passwordVaultId}"; has no effect without a VM that has a generated password; remove it`;
      const web = { name: "web", sshPublicKey: publicKey };
      assert.deepEqual(problemsOf({ passwordVaultId }), [idle]);
      assert.deepEqual(problemsOf({ passwordVaultId, vms: [web, { ...web, name: "db", login: "entraId" }] }), [idle]);
      assert.deepEqual(problemsOf({ passwordVaultId, vms: [web, { name: "db", login: "entraId" }] }), []);
      assert.deepEqual(problemsOf({ passwordVaultId, vms: [web, { name: "desk", os: "windows" }] }), []);
      assert.deepEqual(problemsOf({ passwordVaultId, vms: [{ name: "desk", os: "Windows" }] }), [
        'vms[0].os is "Windows"; must be one of linux, windows (did you mean windows?)',
      ]);
      assert.deepEqual(problemsOf({ passwordVaultId, vms: { name: "desk" } }), [
        'vms is {"name":"desk"}; must be a list of VMs, such as [{name: web}]',
      ]);
    });

    it("settings of an archive and a workspace that no log goes to", () => {
      const silent = { audit: false, activityLogExport: false };
      const idle = "has no effect without audit or activityLogExport; remove it";
      assert.deepEqual(problemsOf({ ...silent, flowLogs: "off" }), []);
      assert.deepEqual(
        problemsOf({
          ...silent,
          archiveRetentionDays: 30,
          archiveSharedKey: true,
          workspaceRetentionDays: 60,
          existingWorkspaceId: existing.existingWorkspaceId,
        }),
        [
          `archiveRetentionDays is 30; ${idle}`,
          `workspaceRetentionDays is 60; ${idle}`,
          `existingWorkspaceId is "${existing.existingWorkspaceId}"; ${idle}`,
        ],
      );
      assert.deepEqual(problemsOf({ ...silent, flowLogs: "off", archiveSharedKey: true }), [
        `archiveSharedKey is true; ${idle}`,
      ]);
    });

    it("to adopt what the stack itself creates", () => {
      const own = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/Bastion-Trail-Dev/providers";
      const host = `${own}/Microsoft.Network/bastionHosts/bastion-trail-dev-bastion`;
      const network = `${own}/Microsoft.Network/virtualNetworks/bastion-trail-dev-vnet`;
      const reason = "this stack itself creates the resource of this id, and would delete it; remove the key";
      assert.deepEqual(
        problemsOf({
          existingBastionHostId: host,
          existingVirtualNetworkId: network,
          existingBastionSubnetId: `${network}/subnets/AzureBastionSubnet`,
        }),
        [`existingBastionHostId is "${host}"; ${reason}`, `existingVirtualNetworkId is "${network}"; ${reason}`],
      );
      assert.deepEqual(problemsOf({ existingVirtualNetworkId: network.replace("-dev-vnet", "-hub-vnet") }), []);
    });

    it("a stack whose name gives no usable prefix", () => {
      const form =
        "2 to 40 lowercase letters, digits and single hyphens, starting with a letter and not ending with a hyphen";
      assert.deepEqual(problemsOf({}, "dev_1"), [
        `namePrefix is missing; "bastion-trail-dev_1", the default made from the project and stack names, is not usable; set it to ${form}`,
      ]);
      assert.deepEqual(problemsOf({ namePrefix: "trail" }, "dev_1"), []);
    });
  });

  describe("reports at once", () => {
    it("what does not depend on a malformed system or login of the same VM", () => {
      const others = { jitPorts: [0, "x"], jitMaxDuration: "99h", size: "large one" };
      for (const [wrong, said] of [
        [{ login: "magic" }, 'vms[0].login is "magic"; must be one of sshKey, entraId, password'],
        [{ os: "beos" }, 'vms[0].os is "beos"; must be one of linux, windows'],
      ] as const) {
        assert.deepEqual(problemsOf({ vms: [{ name: "web", ...wrong, ...others }] }), [
          said,
          'vms[0].size is "large one"; must be a size that supports generation 2 VMs, such as Standard_B2s_v2',
          "vms[0].jitPorts[0] is 0; must be a whole number from 1 to 65535",
          'vms[0].jitPorts[1] is "x"; must be a whole number from 1 to 65535',
          'vms[0].jitMaxDuration is "99h"; must be 5 minutes to 24 hours in whole minutes, such as 90m, 3h, 1h30m or the ISO 8601 form PT3H',
        ]);
      }
    });

    it("malformed values together with what the well-formed ones contradict", () => {
      assert.throws(
        () =>
          configOf({
            location: "West Europe",
            bastionScaleUnits: 51,
            bastionSku: "Gold",
            immutability: "maybe",
            immutabilityDays: 7,
            vmSubnetPrefix: "10.60.0.0/24",
            vms: [
              { name: "web", os: "bsd", image: "windows-2022" },
              { name: "db", size: 3, login: "entraId", jitMaxDuration: "25h" },
              { name: "app", login: "sshKey" },
            ],
          }),
        {
          message: [
            "The config of stack dev has 9 problems:",
            '  - bastion-trail:location is "West Europe"; must be the short name of an Azure region, such as "westeurope" (did you mean westeurope?).',
            '  - bastion-trail:bastionSku is "Gold"; must be one of Developer, Basic, Standard, Premium.',
            '  - bastion-trail:immutability is "maybe"; must be one of off, unlocked, locked.',
            '  - bastion-trail:vms[0].os is "bsd"; must be one of linux, windows.',
            "  - bastion-trail:vms[1].size is 3; must be text; put it in quotes, or set it with --type string.",
            '  - bastion-trail:vmSubnetPrefix is "10.60.0.0/24"; must not overlap bastionSubnetPrefix 10.60.0.0/26.',
            "  - bastion-trail:bastionScaleUnits is 51; must be a whole number from 2 to 50 with the Premium SKU.",
            '  - bastion-trail:vms[1].jitMaxDuration is "25h"; must be 5 minutes to 24 hours in whole minutes, such as 90m, 3h, 1h30m or the ISO 8601 form PT3H.',
            "  - bastion-trail:vms[2].sshPublicKey is missing; required with login sshKey; or set login to entraId or password.",
          ].join("\n"),
        },
      );
    });

    it("whatever is wrong, as an error that names a key of it", () => {
      const anyValue = fc.oneof(
        fc.string(),
        fc.jsonValue().map((value) => JSON.stringify(value)),
      );
      const key = fc.constantFrom(...Object.keys(keys.entries), "unknown");
      fc.assert(
        fc.property(fc.dictionary(key, anyValue), (raw) => {
          try {
            parseConfig(raw, { project: "bastion-trail", stack: "dev" });
          } catch (error) {
            assert.ok(error instanceof ValidationError, String(error));
            for (const problem of error.problems) {
              const [, root = ""] = /^bastion-trail:(\w+)/.exec(problem.key) ?? [];
              assert.ok(root in keys.entries || root in raw, problem.key);
              assert.ok(problem.reason.length > 0);
            }
          }
        }),
      );
    });
  });
});
