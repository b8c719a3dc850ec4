import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as components from "@bastion-trail/components";
import { componentType } from "../../../components/shared/componentType.ts";
import { describeProblem } from "../../../components/shared/problem.ts";
import { recordProgram, subscriptionId } from "../recordedProgram.ts";

const providers = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers`;
const place = { resourceGroupName: "rg", location: "westeurope" };
const vm = {
  ...place,
  vmSubnetId: `${providers}/Microsoft.Network/virtualNetworks/v/subnets/vms`,
  bastionSubnetPrefix: "10.60.0.0/26",
  login: "entraId",
};
const account = `${providers}/Microsoft.Storage/storageAccounts/audit`;

function problems(className: string, args: object): string[] {
  return componentType(className).formed(args).problems.map(describeProblem);
}

/** The refusal of arguments that the compiler would not let through. */
async function refusal(component: string, args: object, hasEngine = false): Promise<readonly string[]> {
  const constructors = components as unknown as Record<
    string,
    new (name: string, args: object) => pulumi.ComponentResource
  >;
  try {
    await recordProgram(
      () => {
        const outputs = Object.values(new constructors[component]!("trail", args)).filter((value) =>
          pulumi.Output.isInstance(value),
        );
        return pulumi.all(outputs);
      },
      { hasEngine },
    );
  } catch (error) {
    assert.ok(error instanceof components.ValidationError, String(error));
    return error.problems.map(describeProblem);
  }
  assert.fail(`${component} was not refused.`);
}

describe("the form of arguments", () => {
  it("is that of their declaration", () => {
    assert.deepEqual(
      problems("JitVirtualMachine", {
        ...vm,
        virtualMachineName: 5,
        os: "Linux",
        zone: ["1"],
        sessionsRecorded: "yes",
        jitPorts: 22,
        tags: "team",
        lock: "ReadOnly",
      }),
      [
        "virtualMachineName is 5; must be text; put it in quotes",
        'os is "Linux"; must be one of linux, windows (did you mean linux?)',
        'zone is ["1"]; must be text',
        'sessionsRecorded is "yes"; must be true or false',
        "jitPorts is 22; must be a list",
        'tags is "team"; must be an object',
        'lock is "ReadOnly"; must be one of none, CanNotDelete',
      ],
    );
  });

  it("is a known value where the declaration has no Output", async () => {
    const needed = "must be known while the program runs, so it cannot be an Output or a Promise";
    const targets = [{ name: "vms", resourceId: pulumi.output(vm.vmSubnetId) }];
    await assert.rejects(
      recordProgram(
        () => new components.FlowLogs("flows", { ...place, targets, retentionDays: pulumi.output(30) as never }).urn,
      ),
      { message: `FlowLogs "flows": retentionDays is given; ${needed}.` },
    );
  });

  it("is that of every tag, whose name is known before its value", () => {
    assert.deepEqual(
      problems("JitVirtualMachine", { ...vm, tags: { azureOwner: pulumi.output("x"), team: pulumi.output("y") } }),
      ['tags.azureOwner is ""; a tag name cannot start with azure, which Azure reserves'],
    );
  });

  it("is that of every member and every value of a list", () => {
    assert.deepEqual(
      problems("FlowLogs", {
        ...place,
        targets: [{ nam: "vms", resourceId: 1 }, "vms"],
        retentionDays: "30",
        workspace: { workspaceId: "w", customerId: "c" },
      }),
      [
        "targets[0].name is missing; it is required",
        'targets[0].nam is "vms"; unknown property (did you mean name?); there are name, resourceId',
        "targets[0].resourceId is 1; must be text; put it in quotes",
        'targets[1] is "vms"; must be an object',
        'retentionDays is "30"; must be a number',
        "workspace.location is missing; it is required",
      ],
    );
  });

  it("has no unknown name but those that a program gives to all its components", () => {
    assert.deepEqual(
      problems("AuditWorkspace", { ...place, tags: {}, retentionInDays: 90, adminPassword: "Hunter2!" }),
      [
        "retentionInDays is 90; unknown argument (did you mean retentionDays?); there are allowEvidenceLoss, existingWorkspaceId, location, lock, resourceGroupName, retentionDays, tags, workspaceName",
        'adminPassword is "[secret]"; unknown argument; there are allowEvidenceLoss, existingWorkspaceId, location, lock, resourceGroupName, retentionDays, tags, workspaceName',
      ],
    );
    const inherited = JSON.parse('{ "constructor": 1, "__proto__": 2 }') as object;
    assert.deepEqual(problems("DefenderPlan", { subscriptionId, ...inherited, toString: 3 }), [
      "constructor is 1; unknown argument; there are subscriptionId",
      "__proto__ is 2; unknown argument; there are subscriptionId",
      "toString is 3; unknown argument; there are subscriptionId",
    ]);
    const subscription = { subscriptionId };
    assert.deepEqual(problems("DefenderPlan", { ...place, tags: {}, ...subscription }), []);
  });

  it("is that of an omitted argument for null, which other languages have for it", () => {
    assert.deepEqual(componentType("BastionHost").given("trail", { ...place, zones: null, audited: false }), {
      ...place,
      audited: false,
    });
  });

  it("is refused as an Output or a Promise without a value, once that is known", async () => {
    const refused = (component: string, key: string) => [
      `${key} is missing; the Output or Promise that was given has no value`,
      component,
    ];
    for (const [component, key, args] of [
      ["JitVirtualMachine", "bastionSubnetPrefix", vm],
      ["JitVirtualMachine", "virtualMachineName", vm],
      [
        "BastionDiagnostics",
        "bastionHostId",
        { storageAccountId: account, workspaceId: `${providers}/Microsoft.OperationalInsights/workspaces/w` },
      ],
      ["AuditArchive", "bastionLocation", place],
      [
        "BastionNetwork",
        "existingVmSubnetId",
        { ...place, existingVirtualNetworkId: vm.vmSubnetId.replace(/\/subnets.*/, "") },
      ],
    ] as const) {
      for (const value of [pulumi.output(undefined), Promise.resolve(null)]) {
        const problems = await refusal(component, { ...args, [key]: value });
        assert.deepEqual([problems[0], component], refused(component, key));
      }
    }
  });

  describe("of an Output or a Promise is checked once it is known", () => {
    const subnetIdForm = "must be the ARM id of a Microsoft.Network/virtualNetworks/subnets resource";
    const bastionSubnetId = `${providers}/Microsoft.Network/virtualNetworks/v/subnets/AzureBastionSubnet`;
    const host = { ...place, sku: components.BastionSku.Standard, audited: true, bastionSubnetId };
    const accountIdForm = "must be the ARM id of a Microsoft.Storage/storageAccounts resource";
    const logs = {
      storageAccountId: account,
      workspaceId: `${providers}/Microsoft.OperationalInsights/workspaces/w`,
    };
    const recordings = { resourceGroupName: "rg", accountName: "recordings", bastionDnsName: "bst.example" };
    const noText = "must be text; put it in quotes";
    for (const [component, args, key, value, reason] of [
      ["JitVirtualMachine", vm, "location", "", 'must be an Azure region, such as "westeurope"'],
      ["JitVirtualMachine", vm, "virtualMachineName", 5, noText],
      ["JitVirtualMachine", vm, "vmSubnetId", account, subnetIdForm],
      [
        "JitVirtualMachine",
        vm,
        "bastionSubnetPrefix",
        "*",
        'must be an IPv4 range in CIDR form, such as "10.20.0.0/24"',
      ],
      ["JitVirtualMachine", vm, "passwordVaultId", "v", "must be the ARM id of a Microsoft.KeyVault/vaults resource"],
      ["JitVirtualMachine", vm, "jitPorts", 22, "must be a list"],
      ["JitVirtualMachine", vm, "tags", "team", "must be an object"],
      [
        "BastionHost",
        host,
        "bastionSubnetId",
        vm.vmSubnetId,
        "Azure Bastion requires a subnet named AzureBastionSubnet",
      ],
      ["BastionHost", host, "zones", "1", "must be a list"],
      ["BastionHost", host, "kerberos", "yes", "must be true or false"],
      [
        "BastionDiagnostics",
        logs,
        "bastionHostId",
        "h",
        "must be the ARM id of a Microsoft.Network/bastionHosts resource",
      ],
      ["ActivityLogExport", { ...logs, subscriptionId }, "storageAccountId", "s", accountIdForm],
      [
        "RecordingPlayback",
        recordings,
        "bastionDnsName",
        "https://bst",
        "must be a DNS name, without https:// before it",
      ],
      ["DefenderPlan", {}, "subscriptionId", "prod", "must be a GUID, without /subscriptions/ before it"],
    ] as const) {
      it(`${component}, ${key}`, async () => {
        for (const given of [pulumi.output(value), Promise.resolve(value)]) {
          assert.deepEqual(await refusal(component, { ...args, [key]: given }, true), [
            `${key} is ${JSON.stringify(value)}; ${reason}`,
          ]);
        }
        assert.deepEqual(await refusal(component, { ...args, [key]: pulumi.secret(value) }, true), [
          `${key} is "[secret]"; ${reason}`,
        ]);
      });
    }

    it("in a list and in an object", async () => {
      const targets = [{ name: "vms", resourceId: pulumi.output("vms") }];
      assert.deepEqual(await refusal("FlowLogs", { ...place, targets }, true), [
        'targets[0].resourceId is "vms"; must be the ARM id of a resource of type Microsoft.Network/virtualNetworks/subnets or Microsoft.Network/virtualNetworks or Microsoft.Network/networkInterfaces',
      ]);
      assert.deepEqual(
        await refusal("EvidenceGroup", { ...place, holdsEvidence: true, tags: { team: pulumi.output(5) } }),
        ["tags.team is 5; must be text; put it in quotes"],
      );
      assert.deepEqual(await refusal("BastionHost", { ...host, zones: ["1", pulumi.output(2)] }), [
        `zones[1] is 2; ${noText}`,
      ]);
    });

    it("but no id that Pulumi's mocks make up in the unit tests of a program", async () => {
      await recordProgram(
        () => new components.BastionHost("trail", { ...host, bastionSubnetId: pulumi.output("subnet_id") }).hostId,
      );
    });
  });

  it("is not judged of what is not known yet, nor of what a component puts out", async () => {
    const pending = pulumi.output(1);
    assert.deepEqual(
      problems("JitVirtualMachine", { ...vm, zone: pending, jitPorts: pending, tags: { a: pending } }),
      [],
    );
    assert.deepEqual(
      problems("AuditArchive", { ...place, bastionLocation: Promise.resolve("x"), zone: undefined }),
      [],
    );
    await recordProgram(() => {
      const workspace = new components.AuditWorkspace("logs", place);
      assert.deepEqual(problems("FlowLogs", { ...place, targets: [], workspace }), []);
      return workspace.urn;
    });
  });

  it("is left to a rule of its own where an Output can have it as well", () => {
    assert.deepEqual(problems("RecordingContainer", { ...place, replication: "Premium_LRS" }), []);
    assert.deepEqual(problems("RecordingContainer", { ...place, replication: 3 }), [
      "replication is 3; must be one of Standard_LRS, Standard_ZRS, Standard_GRS, Standard_RAGRS, Standard_GZRS, Standard_RAGZRS",
    ]);
  });

  it("includes the rules of places and tags in every component", () => {
    assert.deepEqual(
      problems("EvidenceGroup", {
        resourceGroupName: "rg.",
        location: "",
        subscriptionId: "/subscriptions/1",
        holdsEvidence: true,
        tags: { "a/b": "x" },
      }),
      [
        'resourceGroupName is "rg."; must be 1 to 90 letters, digits, underscores, hyphens, periods and parentheses, not ending with a period',
        'location is ""; must be an Azure region, such as "westeurope"',
        'subscriptionId is "/subscriptions/1"; must be a GUID, without /subscriptions/ before it',
        'tags.a/b is "x"; a tag name cannot contain < > % & \\ ? / or control characters',
      ],
    );
  });
});

describe("a component called from another language", () => {
  for (const [component, args, expected] of [
    [
      "JitVirtualMachine",
      { ...vm, os: "Windows", image: "windows-2022", zone: 1, jitPorts: ["22"] },
      [
        'os is "Windows"; must be one of linux, windows (did you mean windows?)',
        "zone is 1; must be text; put it in quotes",
        'jitPorts[0] is "22"; must be a whole number from 1 to 65535',
      ],
    ],
    [
      "JitVirtualMachine",
      { ...vm, vmSubnetId: account, bastionSubnetPrefix: "*", passwordVaultId: "https://v.vault.azure.net/" },
      [
        `vmSubnetId is "${account}"; must be the ARM id of a Microsoft.Network/virtualNetworks/subnets resource`,
        'bastionSubnetPrefix is "*"; must be an IPv4 range in CIDR form, such as "10.20.0.0/24"',
        'passwordVaultId is "https://v.vault.azure.net/"; must be the ARM id of a Microsoft.KeyVault/vaults resource',
      ],
    ],
    [
      "JitVirtualMachine",
      { ...vm, bastionSubnetPrefix: "0.0.0.0/0" },
      ['bastionSubnetPrefix is "0.0.0.0/0"; a virtual network cannot contain 224.0.0.0/4 (multicast)'],
    ],
    [
      "BastionHost",
      { ...place, sku: "Standard", audited: "true", zones: "1", scaleUnits: 51, bastionSubnetId: account },
      ['audited is "true"; must be true or false', 'zones is "1"; must be a list'],
    ],
    [
      "BastionNetwork",
      { ...place, addressSpace: "10.0.0.0/16", vmSubnetPrefix: "10.0.1.0/30", customVmPorts: ["2222", 8443, 8443] },
      [
        'addressSpace is "10.0.0.0/16"; must be a list',
        'customVmPorts is ["2222",8443,8443]; requires bastionSubnetPrefix: it applies only to a new AzureBastionSubnet',
        'vmSubnetPrefix is "10.0.1.0/30"; too small; must be /29 or larger',
        'customVmPorts[0] is "2222"; must be a whole number from 1 to 65535',
        "customVmPorts[2] is 8443; repeats customVmPorts[1]",
      ],
    ],
    [
      "BastionDiagnostics",
      { bastionHostId: account, workspaceId: "logs", storageAccountId: account },
      [
        `bastionHostId is "${account}"; must be the ARM id of a Microsoft.Network/bastionHosts resource`,
        'workspaceId is "logs"; must be the ARM id of a Microsoft.OperationalInsights/workspaces resource',
      ],
    ],
    [
      "FlowLogs",
      { ...place, targets: [{ name: "vms", resourceId: account }], flowLogNamePrefix: 1 },
      [
        "flowLogNamePrefix is 1; must be text; put it in quotes",
        `targets[0].resourceId is "${account}"; must be the ARM id of a resource of type Microsoft.Network/virtualNetworks/subnets or Microsoft.Network/virtualNetworks or Microsoft.Network/networkInterfaces`,
      ],
    ],
    [
      "RecordingPlayback",
      { resourceGroupName: "rg", accountName: "Recordings", bastionDnsName: "https://bst.bastion.azure.com" },
      [
        'accountName is "Recordings"; must be 3 to 24 lowercase letters and digits',
        'bastionDnsName is "https://bst.bastion.azure.com"; must be a DNS name, without https:// before it',
      ],
    ],
    [
      "DefenderPlan",
      { subscriptionId: "prod" },
      ['subscriptionId is "prod"; must be a GUID, without /subscriptions/ before it'],
    ],
  ] as const) {
    it(`has every fault of its arguments named: ${component}, ${expected.map((text) => text.split(" ")[0]).join(", ")}`, async () => {
      assert.deepEqual(await refusal(component, args), expected);
    });
  }
});
