import assert from "node:assert/strict";
import fc from "fast-check";
import { ValidationError } from "../components/validate.ts";
import { keys } from "../config/keys.ts";
import { parseConfig } from "../config.ts";
import { configOf, keyOf, problemsOf } from "./stackConfig.ts";

describe("the stack's config", () => {
  describe("refuses", () => {
    it("a stack without location", () => {
      assert.throws(() => configOf({}), {
        name: "ValidationError",
        message: "The config of stack dev: bastion-trail:location is missing; required.",
      });
    });

    /** Key, value, what is allowed. */
    const malformed: readonly (readonly [string, unknown, string])[] = [
      ["location", "West Europe", 'must be the short name of an Azure region, such as "westeurope"'],
      [
        "namePrefix",
        "Trail_1",
        "must be 2 to 40 lowercase letters, digits and single hyphens, starting with a letter and not ending with a hyphen",
      ],
      ["lock", "ReadOnly", "must be one of none, CanNotDelete"],
      ["addressSpace", "10.0.0.0/16", "must be a list of IPv4 ranges"],
      ["bastionSku", "Gold", "must be one of Developer, Basic, Standard, Premium"],
      ["bastionScaleUnits", "two", "must be a whole number"],
      ["bastionZones", "1", "must be a list of availability zones"],
      ["nativeClient", "yes", "must be true or false"],
      ["ipConnect", "1", "must be true or false"],
      ["shareableLink", "on", "must be true or false"],
      ["fileCopy", "True", "must be true or false"],
      ["disableCopyPaste", "", "must be true or false"],
      ["kerberos", "no", "must be true or false"],
      ["privateOnly", "false ", "must be true or false"],
      ["sessionRecording", "x", "must be true or false"],
      ["audit", "maybe", "must be true or false"],
      ["archiveRetentionDays", "1.5", "must be a whole number"],
      [
        "archiveReplication",
        "Premium_LRS",
        "must be one of Standard_LRS, Standard_ZRS, Standard_GRS, Standard_RAGRS, Standard_GZRS, Standard_RAGZRS",
      ],
      ["archiveSharedKey", "key", "must be true or false"],
      ["immutability", "on", "must be one of off, unlocked, locked"],
      ["immutabilityDays", "many", "must be a whole number"],
      ["workspaceRetentionDays", 29, "must be a whole number from 30 to 730"],
      ["activityLogExport", "2", "must be true or false"],
      ["vms", "web", "must be a list of VMs"],
      ["defenderPlan", "on", "must be one of manage, assume"],
      ["colour", "blue", "unknown key; Pulumi.yaml lists all keys"],
    ];
    for (const [key, value, allowed] of malformed) {
      it(`${key} ${JSON.stringify(value)}`, () => {
        assert.deepEqual(problemsOf({ [key]: value }), [`${key} is ${JSON.stringify(value)}; ${allowed}`]);
      });
    }

    it("JSON that is broken", () => {
      assert.deepEqual(problemsOf({ vms: "[{" }), ['vms is "[{"; must be a list of VMs']);
    });

    it("zones and tags that Azure does not have", () => {
      const tagForm =
        "allowed are at most 50 tags; a name has 1 to 128 characters, none of < > % & \\ ? /, a value is text of at most 256";
      assert.deepEqual(problemsOf({ bastionZones: ["1", "4"] }), ['bastionZones[1] is "4"; must be "1", "2" or "3"']);
      assert.deepEqual(problemsOf({ tags: { "a/b": "x" } }), [`tags is {"a/b":"x"}; ${tagForm}`]);
      assert.deepEqual(problemsOf({ tags: { cost: 1 } }), [`tags.cost is 1; ${tagForm}`]);
    });

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

    it("a stack whose name gives no usable prefix", () => {
      const form =
        "2 to 40 lowercase letters, digits and single hyphens, starting with a letter and not ending with a hyphen";
      assert.deepEqual(problemsOf({}, "dev_1"), [
        `namePrefix is missing; "bastion-trail-dev_1", the default made from the project and stack names, is not usable; set it to ${form}`,
      ]);
      assert.deepEqual(problemsOf({ namePrefix: "trail" }, "dev_1"), []);
    });
  });

  describe("of virtual machines, refuses", () => {
    it("two of one name", () => {
      const vm = { login: "entraId" };
      assert.deepEqual(
        problemsOf({
          vms: [
            { name: "web", ...vm },
            { name: "db", ...vm },
            { name: "WEB", ...vm },
          ],
        }),
        ['vms[2].name is "WEB"; vms[0] already has this name'],
      );
    });

    it("ports that Bastion cannot connect to", () => {
      const vms = [{ name: "web", login: "entraId", jitPorts: [22, 8443] }];
      assert.deepEqual(problemsOf({ vms }), [
        "vms[0].jitPorts[1] is 8443; the SKU Basic connects only to ports 22 and 3389; other ports require Standard or Premium",
      ]);
      assert.deepEqual(problemsOf({ vms, bastionSku: "Standard" }), []);
    });

    it("everything that the machine's own rules refuse, by its place in the list", () => {
      const vms = [
        { name: "web", login: "entraId" },
        { name: "desk", os: "windows", login: "sshKey", size: "B2" },
      ];
      assert.deepEqual(problemsOf({ vms }), [
        'vms[1].size is "B2"; must be a size that supports generation 2 VMs, such as Standard_B2s_v2',
        'vms[1].login is "sshKey"; must be entraId or password on windows, which has no SSH key login',
      ]);
    });

    it("unknown members, missing names and wrong types", () => {
      const members =
        "unknown property; a VM has name, os, size, image, zone, login, adminUsername, sshPublicKey, jitPorts, jitMaxDuration";
      assert.deepEqual(
        problemsOf({
          vms: [
            { login: "entraId", colour: "red", Size: 1 },
            "web",
            { name: "db", jitPorts: 22, zone: "4", os: "bsd" },
          ],
        }),
        [
          "vms[0].name is missing; required for every VM",
          `vms[0].colour is "red"; ${members}`,
          `vms[0].Size is 1; ${members}`,
          'vms[1] is "web"; must be an object, such as {name: web}',
          'vms[2].os is "bsd"; must be one of linux, windows',
          'vms[2].zone is "4"; must be "1", "2" or "3"',
          "vms[2].jitPorts is 22; must be a list of ports, such as [22]",
        ],
      );
    });
  });

  describe("reports at once", () => {
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
            '  - bastion-trail:location is "West Europe"; must be the short name of an Azure region, such as "westeurope".',
            '  - bastion-trail:bastionSku is "Gold"; must be one of Developer, Basic, Standard, Premium.',
            '  - bastion-trail:immutability is "maybe"; must be one of off, unlocked, locked.',
            '  - bastion-trail:vms[0].os is "bsd"; must be one of linux, windows.',
            "  - bastion-trail:vms[1].size is 3; must be text.",
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
              assert.match(problem.key, /^bastion-trail:\w+/);
              assert.ok(problem.reason.length > 0);
            }
          }
        }),
      );
    });
  });
});
