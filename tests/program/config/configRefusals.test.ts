import assert from "node:assert/strict";
import { parseConfig } from "../../../program/config/index.ts";
import { configOf, problemsOf } from "../../stackConfig.ts";

describe("the stack's config", () => {
  describe("refuses", () => {
    it("a stack without location", () => {
      const message =
        'The config of stack dev: bastion-trail:location is ""; must be the short name of an Azure region, such as "westeurope".';
      assert.throws(() => configOf({}), { name: "ValidationError", message });
      assert.throws(() => configOf({ location: "" }), { name: "ValidationError", message });
    });

    /** Key, value, what is allowed. */
    const malformed: readonly (readonly [string, unknown, string])[] = [
      [
        "location",
        "West Europe",
        'must be the short name of an Azure region, such as "westeurope" (did you mean westeurope?)',
      ],
      ["location", "west-europe", 'must be the short name of an Azure region, such as "westeurope"'],
      [
        "namePrefix",
        "Trail_1",
        "must be 2 to 40 lowercase letters, digits and single hyphens, starting with a letter and not ending with a hyphen",
      ],
      ["lock", "ReadOnly", "must be one of none, CanNotDelete"],
      ["addressSpace", "10.0.0.0/16", "must be a list of IPv4 ranges"],
      ["bastionSku", "Gold", "must be one of Developer, Basic, Standard, Premium"],
      ["bastionScaleUnits", "two", "must be a whole number from 2 to 50"],
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
      ["archiveRetentionDays", "1.5", "must be a whole number from 1 to 36500"],
      ["archiveRetentionDays", "1e3", "must be a whole number from 1 to 36500"],
      ["flowLogRetentionDays", "30d", "must be a whole number from 1 to 36500"],
      ["immutabilityDays", 1e20, "must be a whole number from 1 to 146000"],
      [
        "archiveReplication",
        "Premium_LRS",
        "must be one of Standard_LRS, Standard_ZRS, Standard_GRS, Standard_RAGRS, Standard_GZRS, Standard_RAGZRS",
      ],
      ["archiveSharedKey", "key", "must be true or false"],
      ["immutability", "on", "must be one of off, unlocked, locked"],
      ["immutabilityDays", "many", "must be a whole number from 1 to 146000"],
      ["workspaceRetentionDays", 29, "must be a whole number of days from 30 to 730"],
      ["workspaceRetentionDays", "1y", "must be a whole number from 30 to 730"],
      ["activityLogExport", "2", "must be true or false"],
      ["vms", "web", "must be a list of VMs, such as [{name: web}]"],
      ["vms", { name: "web" }, "must be a list of VMs, such as [{name: web}]"],
      ["tags", ["blue"], "must be an object of tag names and values, such as {team: blue}"],
      ["location", ["westeurope"], 'must be the short name of an Azure region, such as "westeurope"'],
      ["namePrefix", { trail: true }, "must be text"],
      ["existingWorkspaceId", ["a"], "must be text"],
      ["audit", { on: true }, "must be true or false"],
      ["immutabilityDays", [30], "must be a whole number from 1 to 146000"],
      ["vmSubnetPrefix", ["10.60.1.0/24"], "must be text"],
      ["defenderPlan", "on", "must be one of manage, assume"],
      ["colour", "blue", "unknown key; Pulumi.yaml lists all keys"],
    ];
    for (const [key, value, allowed] of malformed) {
      it(`${key} ${JSON.stringify(value)}`, () => {
        assert.deepEqual(problemsOf({ [key]: value }), [`${key} is ${JSON.stringify(value)}; ${allowed}`]);
      });
    }

    it("JSON that is broken", () => {
      assert.deepEqual(problemsOf({ vms: '[{"name": "web",}]', tags: '{"team": blue}', bastionZones: '["1"' }), [
        'tags is "{\\"team\\": blue}"; must be an object of tag names and values, such as {team: blue}; the text is not valid JSON',
        'bastionZones is "[\\"1\\""; must be a list of availability zones; the text is not valid JSON',
        'vms is "[{\\"name\\": \\"web\\",}]"; must be a list of VMs, such as [{name: web}]; the text is not valid JSON',
      ]);
    });

    it("a value that is misspelled, with the one that was meant", () => {
      assert.deepEqual(
        problemsOf({ bastionSku: "standard", immutability: "Locked", vms: [{ name: "a", os: "Linux" }] }),
        [
          'bastionSku is "standard"; must be one of Developer, Basic, Standard, Premium (did you mean Standard?)',
          'immutability is "Locked"; must be one of off, unlocked, locked (did you mean locked?)',
          'vms[0].os is "Linux"; must be one of linux, windows (did you mean linux?)',
        ],
      );
    });

    it("a key or property that is misspelled, with the one that was meant", () => {
      assert.deepEqual(
        problemsOf({ sku: "Basic", retentionDays: 30, vms: [{ name: "a", login: "entraId", jitPort: [22] }] }),
        [
          "vms[0].jitPort is [22]; unknown property (did you mean jitPorts?); a VM has name, os, size, image, zone, login, adminUsername, sshPublicKey, jitPorts, jitMaxDuration, subnetId",
          'sku is "Basic"; unknown key (did you mean bastionSku?); Pulumi.yaml lists all keys',
          'retentionDays is "30"; unknown key (did you mean archiveRetentionDays or flowLogRetentionDays or workspaceRetentionDays?); Pulumi.yaml lists all keys',
        ],
      );
    });

    it("a key or property that every object of JavaScript has", () => {
      const vm = JSON.parse(
        '{ "name": "a", "login": "entraId", "constructor": 1, "__proto__": 2, "toString": 3 }',
      ) as object;
      const members =
        "unknown property; a VM has name, os, size, image, zone, login, adminUsername, sshPublicKey, jitPorts, jitMaxDuration, subnetId";
      const key = "unknown key; Pulumi.yaml lists all keys";
      assert.deepEqual(problemsOf({ vms: [vm] }), [
        `vms[0].toString is 3; ${members}`,
        `vms[0].constructor is 1; ${members}`,
        `vms[0].__proto__ is 2; ${members}`,
      ]);
      assert.deepEqual(
        problemsOf(JSON.parse('{ "constructor": "a", "__proto__": "b", "valueOf": "c" }') as Record<string, unknown>),
        [`valueOf is "c"; ${key}`, `constructor is "a"; ${key}`, `__proto__ is "b"; ${key}`],
      );
      assert.deepEqual(problemsOf({ constructor: "a" }), [`constructor is "a"; ${key}`]);
    });

    it("every value of a list, whatever is wrong with the others", () => {
      assert.deepEqual(
        problemsOf({
          addressSpace: [10, ["10.60.0.0/16"], "10.0.0.0/33", "10.60.0.0/16"],
          bastionSubnetPrefix: "10.10.0.0/27",
          bastionZones: ["1", 1, {}, "4"],
          vms: [{ name: "web", login: "entraId", jitPorts: ["22-25", 0, 22, 22, null] }],
        }),
        [
          'addressSpace is 10; must be an IPv4 range in CIDR form, such as "10.20.0.0/24"',
          'addressSpace is ["10.60.0.0/16"]; must be an IPv4 range in CIDR form, such as "10.20.0.0/24"',
          'addressSpace is "10.0.0.0/33"; must be an IPv4 range in CIDR form, such as "10.20.0.0/24"',
          'bastionSubnetPrefix is "10.10.0.0/27"; too small; must be /26 or larger',
          'bastionZones is ["1","1",{},"4"]; must be any of "1", "2", "3"',
          'bastionZones is ["1","1",{},"4"]; each zone can appear only once',
          'vms[0].jitPorts[0] is "22-25"; must be a whole number from 1 to 65535',
          "vms[0].jitPorts[1] is 0; must be a whole number from 1 to 65535",
          "vms[0].jitPorts[3] is 22; repeats jitPorts[2]",
          "vms[0].jitPorts[4] is null; must be a whole number from 1 to 65535",
        ],
      );
    });

    it("a malformed address space, without a word on subnets that may be in it", () => {
      assert.deepEqual(
        problemsOf({ addressSpace: "10.1.0.0/16", bastionSubnetPrefix: "10.1.0.0/27", vmSubnetPrefix: "10.1.1.0/24" }),
        [
          'addressSpace is "10.1.0.0/16"; must be a list of IPv4 ranges',
          'bastionSubnetPrefix is "10.1.0.0/27"; too small; must be /26 or larger',
        ],
      );
    });

    it("a secret, without repeating it", () => {
      const key = "-----BEGIN OPENSSH PRIVATE KEY-----";
      const messages = [
        problemsOf({
          adminPassword: "Hunter2!",
          existingWorkspaceId: "https://a.blob.core.windows.net/c?sv=1&sig=Hunter2!",
        }),
        problemsOf({
          vms: [{ name: "a", login: "password", adminPassword: "Hunter2!", sshPublicKey: `${key}Hunter2!` }],
        }),
        problemsOf({ vms: [{ name: "a", os: "windows", sshPublicKey: `${key}Hunter2!` }] }),
        problemsOf({ vms: { name: "a", adminPassword: "Hunter2!" } }),
        problemsOf({ vms: '[{"name": "a", "adminPassword": "Hunter2!",}]' }),
        problemsOf({ existingStorageAccountId: "AccountName=a;AccountKey=Hunter2!" }),
      ].flat();
      assert.equal(messages.length, 8);
      for (const message of messages) assert.match(message, /\[secret\]/);
      assert.doesNotMatch(messages.join(), /Hunter2/);
    });

    it("the id of a vault, which is no secret", () => {
      assert.deepEqual(problemsOf({ passwordVaultId: "vault", vms: [{ name: "desk", os: "windows" }] }), [
        'passwordVaultId is "vault"; must be the ARM id of a Microsoft.KeyVault/vaults resource',
      ]);
    });

    it("every null, which the engine hands over as the empty text", () => {
      assert.deepEqual(problemsOf({ vms: "", tags: "", bastionSku: "", audit: "", immutabilityDays: "" }), [
        'tags is ""; must be an object of tag names and values, such as {team: blue}',
        'bastionSku is ""; must be one of Developer, Basic, Standard, Premium',
        'audit is ""; must be true or false',
        'immutabilityDays is ""; must be a whole number from 1 to 146000',
        'vms is ""; must be a list of VMs, such as [{name: web}]',
      ]);
    });

    it("zones that Azure does not have", () => {
      assert.deepEqual(problemsOf({ bastionZones: ["1", "4"] }), [
        'bastionZones is ["1","4"]; must be any of "1", "2", "3"',
      ]);
    });

    it("a tag's date that stood without quotes in the stack's file", () => {
      const tags = {
        created: "2026-01-01 00:00:00 +0000 UTC",
        zoned: "2026-01-01 10:00:00.5 +0200 +0200",
        quoted: "2026-01-01",
        text: "2026-01-01 10:00:00",
      };
      const reason = "a date without quotes, which Pulumi changes; put it in quotes";
      assert.deepEqual(problemsOf({ tags }), [
        `tags.created is "${tags.created}"; ${reason}`,
        `tags.zoned is "${tags.zoned}"; ${reason}`,
      ]);
    });

    it("a number where text is wanted, which pulumi config set makes of digits", () => {
      const vms = [{ name: 7, login: "entraId", jitMaxDuration: 180 }];
      assert.deepEqual(problemsOf({ vms }), [
        "vms[0].name is 7; must be text; put it in quotes, or set it with --type string",
        "vms[0].jitMaxDuration is 180; must be 5 minutes to 24 hours in whole minutes, such as 90m, 3h, 1h30m or the ISO 8601 form PT3H",
      ]);
    });

    it("every tag that Azure does not accept", () => {
      assert.deepEqual(
        problemsOf({
          tags: {
            "a/b": "x",
            cost: 1,
            owner: null,
            Team: "blue",
            team: "green",
            "microsoft-owner": "x",
            AzureOwner: "x",
            "": "x",
            long: "x".repeat(257),
          },
        }),
        [
          'tags.a/b is "x"; a tag name cannot contain < > % & \\ ? / or control characters',
          "tags.cost is 1; must be text; put it in quotes, or set it with --type string",
          "tags.owner is null; must be text",
          'tags.team is "green"; differs from tags.Team only in case; Azure treats both as one tag',
          'tags.microsoft-owner is "x"; a tag name cannot start with microsoft, which Azure reserves',
          'tags.AzureOwner is "x"; a tag name cannot start with azure, which Azure reserves',
          'tags. is "x"; a tag name must be 1 to 128 characters; this one has 0',
          `tags.long is ${JSON.stringify("x".repeat(257))}; a tag value must be at most 256 characters; this one has 257`,
        ],
      );
    });

    it("more tags than Azure accepts, and repeats only the start of them", () => {
      const tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag-${index}`, "x"]));
      const [problem, ...others] = problemsOf({ tags });
      assert.deepEqual(others, []);
      assert.match(problem!, /^tags is \["tag-0",.{280,300}\.\.\.; has 51 tags; Azure allows at most 50$/);
    });

    it("without repeating a secret value", () => {
      const names = { project: "bastion-trail", stack: "dev" };
      const raw = { location: "westeurope", bastionSku: "Gold", vms: '[{"name":"web","size":"hunter2"}]' };
      assert.throws(() => parseConfig(raw, names, (key) => key === "vms"), {
        message: [
          "The config of stack dev has 3 problems:",
          '  - bastion-trail:bastionSku is "Gold"; must be one of Developer, Basic, Standard, Premium.',
          '  - bastion-trail:vms[0].size is "[secret]"; must be a size that supports generation 2 VMs, such as Standard_B2s_v2.',
          '  - bastion-trail:vms[0].sshPublicKey is "[secret]"; required with login sshKey; or set login to entraId or password.',
        ].join("\n"),
      });
    });

    it("without repeating the secret value of an unknown key, whatever its name", () => {
      const names = { project: "bastion-trail", stack: "dev" };
      const raw = { location: "westeurope", "my-value": "hunter2", "vms[0].size": "hunter2" };
      assert.throws(() => parseConfig(raw, names, (key) => key === "my-value" || key === "vms[0].size"), {
        message: [
          "The config of stack dev has 2 problems:",
          '  - bastion-trail:my-value is "[secret]"; unknown key; Pulumi.yaml lists all keys.',
          '  - bastion-trail:vms[0].size is "[secret]"; unknown key; to set a part of vms, remove this key and run pulumi config set with --path.',
        ].join("\n"),
      });
    });

    it("a part of a key that was set as a key of its own, for want of --path", () => {
      assert.deepEqual(problemsOf({ "vms[0].name": "web", "tags.team": "blue" }), [
        'vms[0].name is "web"; unknown key; to set a part of vms, remove this key and run pulumi config set with --path',
        'tags.team is "blue"; unknown key; to set a part of tags, remove this key and run pulumi config set with --path',
      ]);
    });
  });
});
