import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { parse } from "yaml";
import { ValidationError } from "../components/validate.ts";
import { defaultOf, type Key, keys } from "../config/keys.ts";
import { loadConfig, parseConfig, type TrailConfig } from "../config.ts";

const publicKey = `ssh-ed25519 ${"A".repeat(68)} somebody`;
const idIn = (provider: string) => `/subscriptions/s/resourceGroups/hub/providers/${provider}`;
const existing = {
  existingVirtualNetworkId: idIn("Microsoft.Network/virtualNetworks/hub"),
  existingBastionSubnetId: idIn("Microsoft.Network/virtualNetworks/hub/subnets/AzureBastionSubnet"),
  existingVmSubnetId: idIn("Microsoft.Network/virtualNetworks/spoke/subnets/vms"),
  existingBastionHostId: idIn("Microsoft.Network/bastionHosts/hub"),
  existingStorageAccountId: idIn("Microsoft.Storage/storageAccounts/logs"),
  existingWorkspaceId: idIn("Microsoft.OperationalInsights/workspaces/logs"),
};

/** The config from values as a stack file has them, handed over as the engine does it: text, with lists and objects as JSON. */
function configOf(values: Record<string, unknown>, stack = "dev"): TrailConfig {
  const raw = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
  return parseConfig(raw, { project: "bastion-trail", stack });
}

/** What the config is refused with: one line for each problem, without the namespace. */
function problemsOf(values: Record<string, unknown>, stack?: string): string[] {
  try {
    configOf({ location: "westeurope", ...values }, stack);
  } catch (error) {
    assert.ok(error instanceof ValidationError);
    return error.message
      .replace(/^The config of stack \w+(?: has \d+ problems)?:\s+/, "")
      .split("\n")
      .map((line) => line.replace(/^ *(?:- )?bastion-trail:/, "").replace(/\.$/, ""));
  }
  return [];
}

describe("the stack's config", () => {
  it("needs nothing but a location", () => {
    assert.deepEqual(configOf({ location: "westeurope" }), {
      location: "westeurope",
      namePrefix: "bastion-trail-dev",
      tags: {},
      lock: "none",
      network: {
        virtualNetworkName: "bastion-trail-dev-vnet",
        addressSpace: ["10.60.0.0/16"],
        bastionSubnetPrefix: "10.60.0.0/26",
        vmSubnetPrefix: "10.60.1.0/24",
        customVmPorts: undefined,
        existingVirtualNetworkId: undefined,
        existingBastionSubnetId: undefined,
        existingVmSubnetId: undefined,
      },
      bastion: {
        bastionHostName: "bastion-trail-dev-bastion",
        sku: "Basic",
        scaleUnits: 2,
        zones: undefined,
        enableTunneling: undefined,
        enableIpConnect: undefined,
        enableShareableLink: undefined,
        enableFileCopy: undefined,
        disableCopyPaste: undefined,
        enableKerberos: undefined,
        enablePrivateOnlyBastion: undefined,
        enableSessionRecording: undefined,
        audited: true,
        existingBastionHostId: undefined,
      },
      audit: true,
      activityLogExport: true,
      archive: {
        accountNamePrefix: "bastiontraildev",
        replication: "Standard_LRS",
        retentionDays: 365,
        immutability: undefined,
        immutabilityDays: undefined,
        allowSharedKeyAccess: false,
        existingStorageAccountId: undefined,
      },
      workspace: { workspaceName: "bastion-trail-dev-logs", retentionDays: 90, existingWorkspaceId: undefined },
      vms: [],
      managesDefenderPlan: false,
    });
  });

  it("turns every key into what the components take", () => {
    const config = configOf({
      location: "swedencentral",
      namePrefix: "trail",
      tags: { team: "blue" },
      lock: "CanNotDelete",
      addressSpace: ["10.1.0.0/16"],
      bastionSubnetPrefix: "10.1.0.0/25",
      vmSubnetPrefix: "10.1.2.0/24",
      bastionSku: "Premium",
      bastionScaleUnits: 4,
      bastionZones: ["1", 2],
      ipConnect: true,
      shareableLink: true,
      fileCopy: true,
      disableCopyPaste: true,
      kerberos: true,
      privateOnly: true,
      sessionRecording: true,
      archiveReplication: "Standard_GZRS",
      archiveSharedKey: true,
      immutability: "locked",
      immutabilityDays: 400,
      workspaceRetentionDays: 180,
      activityLogExport: false,
      defenderPlan: "manage",
    });
    assert.deepEqual(
      { ...config, bastion: { ...config.bastion }, network: undefined, vms: undefined },
      {
        location: "swedencentral",
        namePrefix: "trail",
        tags: { team: "blue" },
        lock: "CanNotDelete",
        network: undefined,
        bastion: {
          bastionHostName: "trail-bastion",
          sku: "Premium",
          scaleUnits: 4,
          zones: ["1", "2"],
          enableTunneling: undefined,
          enableIpConnect: true,
          enableShareableLink: true,
          enableFileCopy: true,
          disableCopyPaste: true,
          enableKerberos: true,
          enablePrivateOnlyBastion: true,
          enableSessionRecording: true,
          audited: true,
          existingBastionHostId: undefined,
        },
        audit: true,
        activityLogExport: false,
        archive: {
          accountNamePrefix: "trail",
          replication: "Standard_GZRS",
          retentionDays: undefined,
          immutability: "locked",
          immutabilityDays: 400,
          allowSharedKeyAccess: true,
          existingStorageAccountId: undefined,
        },
        workspace: { workspaceName: "trail-logs", retentionDays: 180, existingWorkspaceId: undefined },
        vms: undefined,
        managesDefenderPlan: true,
      },
    );
  });

  it("gives a virtual machine every default of its operating system", () => {
    const { vms } = configOf({
      location: "westeurope",
      vms: [
        { name: "web", sshPublicKey: ` ${publicKey}\n` },
        { name: "desk", os: "windows", zone: 3, jitPorts: [3389], jitMaxDuration: "1h" },
      ],
    });
    assert.deepEqual(vms, [
      {
        name: "web",
        os: "linux",
        size: "Standard_B2s_v2",
        image: "ubuntu-24.04",
        zone: undefined,
        login: "sshKey",
        adminUsername: "azureuser",
        sshPublicKey: publicKey,
        jitPorts: [22],
        jitMaxDuration: "PT3H",
      },
      {
        name: "desk",
        os: "windows",
        size: "Standard_B2s_v2",
        image: "windows-2022",
        zone: "3",
        login: "password",
        adminUsername: "azureuser",
        sshPublicKey: undefined,
        jitPorts: [3389],
        jitMaxDuration: "1h",
      },
    ]);
  });

  it("opens custom JIT ports in Bastion's own network security group as well", () => {
    const { network } = configOf({
      location: "westeurope",
      bastionSku: "Standard",
      vms: [
        { name: "a", login: "entraId", jitPorts: [8443, 22] },
        { name: "b", login: "entraId", jitPorts: [2222, 8443] },
      ],
    });
    assert.deepEqual(network.customVmPorts, [2222, 8443]);
  });

  it("takes a thousand machines in one list", () => {
    const vms = Array.from({ length: 1000 }, (_, index) => ({ name: `vm-${index}`, login: "entraId" }));
    assert.equal(configOf({ location: "westeurope", vms }).vms.length, 1000);
  });

  describe("with existing things", () => {
    it("passes their ids on, and leaves out every default that belongs to a new one", () => {
      const { network, bastion, archive, workspace } = configOf({ location: "westeurope", ...existing });
      const given = (settings: object) =>
        Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
      const { existingVirtualNetworkId, existingBastionSubnetId, existingVmSubnetId } = existing;
      assert.deepEqual(given(network), { existingVirtualNetworkId, existingBastionSubnetId, existingVmSubnetId });
      assert.deepEqual(given(bastion), { audited: true, existingBastionHostId: existing.existingBastionHostId });
      assert.deepEqual(given(archive), { existingStorageAccountId: existing.existingStorageAccountId });
      assert.deepEqual(given(workspace), { existingWorkspaceId: existing.existingWorkspaceId });
    });

    it("refuses every setting that would have no effect on them", () => {
      const why = "an adopted host keeps its own settings, leave it out with existingBastionHostId";
      const whyArchive = "an adopted storage account keeps its own settings, so leave this one out";
      assert.deepEqual(
        problemsOf({
          ...existing,
          bastionSku: "Premium",
          bastionScaleUnits: 4,
          bastionZones: ["1"],
          nativeClient: true,
          archiveReplication: "Standard_GRS",
          archiveRetentionDays: 30,
          archiveSharedKey: true,
          workspaceRetentionDays: 30,
          addressSpace: ["10.1.0.0/16"],
          bastionSubnetPrefix: "10.1.0.0/26",
          vmSubnetPrefix: "10.1.1.0/24",
        }).sort(),
        [
          'addressSpace is ["10.1.0.0/16"]; it belongs to a network that is created, leave it out with existingVirtualNetworkId',
          `archiveReplication is "Standard_GRS"; ${whyArchive}`,
          `archiveRetentionDays is 30; ${whyArchive}`,
          `archiveSharedKey is true; ${whyArchive}`,
          `bastionScaleUnits is 4; ${why}`,
          `bastionSku is "Premium"; ${why}`,
          'bastionSubnetPrefix is "10.1.0.0/26"; either it or existingBastionSubnetId is allowed, not both',
          `bastionZones is ["1"]; ${why}`,
          `nativeClient is true; ${why}`,
          'vmSubnetPrefix is "10.1.1.0/24"; either it or existingVmSubnetId is allowed, not both',
          "workspaceRetentionDays is 30; an adopted workspace keeps its own retention, leave it out with existingWorkspaceId",
        ],
      );
    });

    it("asks for the subnet of an adopted host, since JIT opens ports to it alone", () => {
      assert.deepEqual(problemsOf({ existingBastionHostId: existing.existingBastionHostId }), [
        "existingBastionSubnetId is missing; JIT opens ports to the adopted host's subnet alone, so existingBastionHostId needs it",
      ]);
    });

    for (const [key, type] of [
      ["existingVirtualNetworkId", "Microsoft.Network/virtualNetworks"],
      ["existingBastionHostId", "Microsoft.Network/bastionHosts"],
      ["existingStorageAccountId", "Microsoft.Storage/storageAccounts"],
      ["existingWorkspaceId", "Microsoft.OperationalInsights/workspaces"],
    ] as const) {
      it(`wants ${key} to be the id of one of ${type}`, () => {
        const [problem, ...others] = problemsOf({ ...existing, [key]: "/subscriptions/s" }).filter((line) =>
          line.startsWith(`${key} is "/subscriptions/s"; `),
        );
        assert.ok(problem?.includes(type), problem);
        assert.deepEqual(others, []);
      });
    }
  });

  describe("refuses", () => {
    it("a stack without location", () => {
      assert.throws(() => configOf({}), {
        name: "ValidationError",
        message: "The config of stack dev: bastion-trail:location is missing; every stack has to set it.",
      });
    });

    /** Key, value, what is allowed. */
    const malformed: readonly (readonly [string, unknown, string])[] = [
      ["location", "West Europe", 'allowed is the short name of an Azure region, such as "westeurope"'],
      [
        "namePrefix",
        "Trail_1",
        "allowed are 2 to 40 lower-case letters, digits and single hyphens, with a letter first and no hyphen last",
      ],
      ["lock", "ReadOnly", "allowed are none, CanNotDelete"],
      ["addressSpace", "10.0.0.0/16", "allowed is a list of IPv4 ranges"],
      ["bastionSku", "Gold", "allowed are Developer, Basic, Standard, Premium"],
      ["bastionScaleUnits", "two", "allowed is a whole number"],
      ["bastionZones", "1", "allowed is a list of availability zones"],
      ["nativeClient", "yes", "allowed are true and false"],
      ["ipConnect", "1", "allowed are true and false"],
      ["shareableLink", "on", "allowed are true and false"],
      ["fileCopy", "True", "allowed are true and false"],
      ["disableCopyPaste", "", "allowed are true and false"],
      ["kerberos", "no", "allowed are true and false"],
      ["privateOnly", "false ", "allowed are true and false"],
      ["sessionRecording", "x", "allowed are true and false"],
      ["audit", "maybe", "allowed are true and false"],
      ["archiveRetentionDays", "1.5", "allowed is a whole number"],
      [
        "archiveReplication",
        "Premium_LRS",
        "allowed are Standard_LRS, Standard_ZRS, Standard_GRS, Standard_RAGRS, Standard_GZRS, Standard_RAGZRS",
      ],
      ["archiveSharedKey", "key", "allowed are true and false"],
      ["immutability", "on", "allowed are off, unlocked, locked"],
      ["immutabilityDays", "many", "allowed is a whole number"],
      ["workspaceRetentionDays", 29, "allowed is a whole number from 30 to 730"],
      ["activityLogExport", "2", "allowed are true and false"],
      ["vms", "web", "allowed is a list of virtual machines"],
      ["defenderPlan", "on", "allowed are manage, assume"],
      ["colour", "blue", "there is no such key; Pulumi.yaml lists all keys"],
    ];
    for (const [key, value, allowed] of malformed) {
      it(`${key} ${JSON.stringify(value)}`, () => {
        assert.deepEqual(problemsOf({ [key]: value }), [`${key} is ${JSON.stringify(value)}; ${allowed}`]);
      });
    }

    it("JSON that is broken", () => {
      assert.deepEqual(problemsOf({ vms: "[{" }), ['vms is "[{"; allowed is a list of virtual machines']);
    });

    it("zones and tags that Azure does not have", () => {
      const tagForm =
        "allowed are at most 50 tags; a name has 1 to 128 characters, none of < > % & \\ ? /, a value is text of at most 256";
      assert.deepEqual(problemsOf({ bastionZones: ["1", "4"] }), [
        'bastionZones[1] is "4"; allowed are "1", "2" and "3"',
      ]);
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
        "nativeClient is true; the native client (tunneling) needs the SKU Standard or Premium, not Basic",
        "privateOnly is true; private-only needs the SKU Premium, not Basic",
        "bastionScaleUnits is 3; the Basic SKU has exactly 2, more need the SKU Standard or Premium",
      ]);
      assert.deepEqual(problemsOf({ bastionSku: "Premium", nativeClient: true, sessionRecording: true }), [
        "nativeClient is true; sessions of the native client cannot be recorded, so sessionRecording excludes it",
      ]);
    });

    it("auditing a Developer host, which emits no audit logs, and giving it a subnet", () => {
      assert.deepEqual(problemsOf({ bastionSku: "Developer" }), [
        'bastionSku is "Developer"; the Developer SKU emits no audit logs, so with auditing the SKU is Basic, Standard or Premium',
      ]);
      assert.deepEqual(problemsOf({ bastionSku: "Developer", audit: false }), []);
      assert.deepEqual(problemsOf({ bastionSku: "Developer", audit: false, bastionSubnetPrefix: "10.60.3.0/26" }), [
        'bastionSubnetPrefix is "10.60.3.0/26"; the Developer SKU has no subnet of its own, leave it out',
      ]);
    });

    it("a retention that immutability makes impossible, and days without immutability", () => {
      assert.deepEqual(problemsOf({ immutability: "unlocked", archiveRetentionDays: 30 }).map(keyOf), [
        "archiveRetentionDays",
      ]);
      assert.deepEqual(problemsOf({ immutabilityDays: 10 }), [
        "immutabilityDays is 10; it means nothing without immutability unlocked or locked",
      ]);
    });

    it("a stack whose name gives no usable prefix", () => {
      const form = "2 to 40 lower-case letters, digits and single hyphens, with a letter first and no hyphen last";
      assert.deepEqual(problemsOf({}, "dev_1"), [
        `namePrefix is missing; "bastion-trail-dev_1", made of the names of project and stack, will not do; set it to ${form}`,
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
        ['vms[2].name is "WEB"; vms[0] has this name already'],
      );
    });

    it("ports that Bastion cannot connect to", () => {
      const vms = [{ name: "web", login: "entraId", jitPorts: [22, 8443] }];
      assert.deepEqual(problemsOf({ vms }), [
        "vms[0].jitPorts[1] is 8443; the SKU Basic connects to the ports 22 and 3389 only, others need Standard or Premium",
      ]);
      assert.deepEqual(problemsOf({ vms, bastionSku: "Standard" }), []);
    });

    it("everything that the machine's own rules refuse, by its place in the list", () => {
      const vms = [
        { name: "web", login: "entraId" },
        { name: "desk", os: "windows", login: "sshKey", size: "B2" },
      ];
      assert.deepEqual(problemsOf({ vms }), [
        'vms[1].size is "B2"; allowed is a size that Azure has as generation 2, such as Standard_B2s_v2',
        'vms[1].login is "sshKey"; allowed with windows are entraId and password, since it takes no SSH key',
      ]);
    });

    it("unknown members, missing names and wrong types", () => {
      const members =
        "a virtual machine has no such member; allowed are name, os, size, image, zone, login, adminUsername, sshPublicKey, jitPorts, jitMaxDuration";
      assert.deepEqual(
        problemsOf({
          vms: [
            { login: "entraId", colour: "red", Size: 1 },
            "web",
            { name: "db", jitPorts: 22, zone: "4", os: "bsd" },
          ],
        }),
        [
          "vms[0].name is missing; every virtual machine needs it",
          `vms[0].colour is "red"; ${members}`,
          `vms[0].Size is 1; ${members}`,
          'vms[1] is "web"; allowed is an object such as {name: web}',
          'vms[2].os is "bsd"; allowed are linux, windows',
          'vms[2].zone is "4"; allowed are "1", "2" and "3"',
          "vms[2].jitPorts is 22; allowed is a list of ports, such as [22]",
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
            '  - bastion-trail:location is "West Europe"; allowed is the short name of an Azure region, such as "westeurope".',
            '  - bastion-trail:bastionSku is "Gold"; allowed are Developer, Basic, Standard, Premium.',
            '  - bastion-trail:immutability is "maybe"; allowed are off, unlocked, locked.',
            '  - bastion-trail:vms[0].os is "bsd"; allowed are linux, windows.',
            "  - bastion-trail:vms[1].size is 3; allowed is text.",
            '  - bastion-trail:vmSubnetPrefix is "10.60.0.0/24"; it must not overlap bastionSubnetPrefix 10.60.0.0/26.',
            "  - bastion-trail:bastionScaleUnits is 51; the Premium SKU has a whole number from 2 to 50.",
            '  - bastion-trail:vms[1].jitMaxDuration is "25h"; allowed are 5 minutes to 24 hours in whole minutes, such as 90m, 3h, 1h30m or the ISO 8601 form PT3H.',
            "  - bastion-trail:vms[2].sshPublicKey is missing; login sshKey needs it; or set login to entraId or password.",
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

  it("is read from the stack, in the project's namespace alone", async () => {
    await pulumi.runtime.setMocks(
      { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
      "bastion-trail",
      "prod",
    );
    pulumi.runtime.setAllConfig({ "bastion-trail:location": "northeurope", "azure-native:location": "westus" });
    const { location, namePrefix } = loadConfig();
    assert.deepEqual({ location, namePrefix }, { location: "northeurope", namePrefix: "bastion-trail-prod" });
  });
});

describe("Pulumi.yaml", () => {
  interface Declaration {
    readonly type: string;
    readonly description: string;
    readonly default?: unknown;
  }
  const project = parse(readFileSync(new URL("../Pulumi.yaml", import.meta.url), "utf8")) as {
    readonly name: string;
    readonly config: Readonly<Record<Key, Declaration>>;
  };

  it("declares the keys that config.ts knows, and no others", () => {
    assert.deepEqual(Object.keys(project.config).sort(), Object.keys(keys.entries).sort());
  });

  it("gives every key the default that config.ts gives it", () => {
    for (const [key, declaration] of Object.entries(project.config)) {
      assert.deepEqual(declaration.default, defaultOf(key as Key), key);
    }
  });

  it("describes every key in a sentence", () => {
    for (const [key, { description }] of Object.entries(project.config)) {
      assert.match(description, /^[A-Z].{15,}[.]/s, key);
    }
  });

  it("has a type for every key that its default belongs to", () => {
    const typeOf = (value: unknown) =>
      Array.isArray(value) ? "array" : typeof value === "number" ? "integer" : typeof value;
    for (const [key, declaration] of Object.entries(project.config)) {
      if (declaration.default !== undefined) assert.equal(typeOf(declaration.default), declaration.type, key);
    }
  });

  for (const stack of ["dev", "sandbox"]) {
    it(`goes with Pulumi.${stack}.yaml, which passes`, () => {
      const file = parse(readFileSync(new URL(`../Pulumi.${stack}.yaml`, import.meta.url), "utf8")) as {
        readonly config: Readonly<Record<string, unknown>>;
      };
      const values = Object.fromEntries(
        Object.entries(file.config).map(([key, value]) => [key.replace(`${project.name}:`, ""), value]),
      );
      assert.equal(configOf(values, stack).location, "westeurope");
    });
  }

  it("lets a stack of five keys or fewer work", () => {
    const { config } = parse(readFileSync(new URL("../Pulumi.dev.yaml", import.meta.url), "utf8")) as {
      readonly config: Readonly<Record<string, unknown>>;
    };
    assert.ok(Object.keys(config).length <= 5);
  });
});

function keyOf(problem: string): string {
  return problem.split(" ")[0] ?? "";
}
