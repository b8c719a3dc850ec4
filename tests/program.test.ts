import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import deploy from "../index.ts";
import type { Links } from "../program/outputs.ts";
import { idOf, subscriptionId } from "./components/recordedProgram.ts";
import { tenantId, publicKey, hub, portal, run, threeVms } from "./program/recordedStack.ts";

function count(resources: readonly { readonly type: string }[], type: string): number {
  return resources.filter((resource) => resource.type === type).length;
}

describe("the program", () => {
  it("lets JIT open ports to the Bastion subnet alone", async () => {
    const { resources } = await run({ vms: threeVms, bastionSubnetPrefix: "10.60.9.0/26" });
    const policies = resources.filter(({ type }) => type === "azure-native:security:JitNetworkAccessPolicy");
    assert.equal(policies.length, 3);
    for (const { inputs } of policies) {
      const [machine] = inputs.virtualMachines as { ports: { allowedSourceAddressPrefix: string }[] }[];
      assert.deepEqual(
        machine?.ports.map((port) => port.allowedSourceAddressPrefix),
        ["10.60.9.0/26"],
      );
    }
    const allowed = resources.filter(({ type, inputs }) => type.endsWith(":SecurityRule") && inputs.access === "Allow");
    assert.deepEqual(allowed, []);
  });

  it("sends the logs of its own host to its own archive and workspace", async () => {
    const { resources } = await run({});
    const setting = resources.find(({ name }) => name === "audit-setting");
    assert.ok(setting);
    assert.equal(setting.inputs.resourceUri, idOf("bastion-host"));
    assert.equal(setting.inputs.storageAccountId, idOf("archive-account"));
    assert.equal(setting.inputs.workspaceId, idOf("workspace-workspace"));
  });

  it("switches on the Defender plan before the first JIT policy, where it is to manage it", async () => {
    const { resources } = await run({ vms: threeVms, defenderPlan: "manage" });
    const types = resources.map(({ type }) => type);
    const plan = types.indexOf("pulumi-nodejs:dynamic:Resource");
    assert.ok(plan >= 0 && plan < types.indexOf("azure-native:security:JitNetworkAccessPolicy"));
    const assumed = await run({ vms: threeVms });
    assert.equal(count(assumed.resources, "bastion-trail:index:DefenderPlan"), 0);
  });

  it("uses the existing resources that the config names, and creates none of them", async () => {
    const { result, resources } = await run({
      existingVirtualNetworkId: `${hub}/Microsoft.Network/virtualNetworks/hub`,
      existingBastionSubnetId: `${hub}/Microsoft.Network/virtualNetworks/hub/subnets/AzureBastionSubnet`,
      existingVmSubnetId: `${hub}/Microsoft.Network/virtualNetworks/hub/subnets/machines`,
      existingBastionHostId: `${hub}/Microsoft.Network/bastionHosts/hub-bastion`,
      existingStorageAccountId: `${hub}/Microsoft.Storage/storageAccounts/centrallogs`,
      existingWorkspaceId: `${hub}/Microsoft.OperationalInsights/workspaces/central`,
      lock: "CanNotDelete",
      vms: [{ name: "web", sshPublicKey: publicKey }],
    });
    for (const type of ["network:VirtualNetwork", "network:Subnet", "network:BastionHost", "network:PublicIPAddress"]) {
      assert.equal(count(resources, `azure-native:${type}`), 0, type);
    }
    assert.deepEqual(
      resources.filter(({ type }) => type === "azure-native:storage:StorageAccount").map(({ name }) => name),
      ["flows-account"],
    );
    assert.equal(count(resources, "azure-native:operationalinsights:Workspace"), 0);
    assert.deepEqual(
      resources
        .filter(({ type }) => type.endsWith(":ManagementLockByScope"))
        .map(({ name }) => name)
        .sort(),
      ["flows-account-lock", "web-lock"],
    );
    const { archive, workspaceId, links } = result as unknown as {
      archive: Record<string, string>;
      workspaceId: string;
      links: pulumi.Unwrap<Links>;
    };
    assert.equal(archive.account, "centrallogs");
    assert.equal(workspaceId, `${hub}/Microsoft.OperationalInsights/workspaces/central`);
    assert.equal(links.bastionHost, `${portal}#@${tenantId}/resource${hub}/Microsoft.Network/bastionHosts/hub-bastion`);
    const policy = resources.find(({ name }) => name === "web-jit");
    assert.match(JSON.stringify(policy?.inputs.virtualMachines), /"allowedSourceAddressPrefix":"10\.0\.0\.0\/26"/);
  });

  it("puts a VM in the subnet that it names, and the others in the stack's", async () => {
    const subnetId = `${hub}/Microsoft.Network/virtualNetworks/spoke/subnets/machines`;
    const { resources } = await run({ vms: [{ ...threeVms[0], subnetId }, threeVms[1]] });
    const subnetOf = (name: string) =>
      (resources.find((resource) => resource.name === name)?.inputs.ipConfigurations as { subnet: { id: string } }[])[0]
        ?.subnet.id;
    assert.deepEqual([subnetOf("web-nic"), subnetOf("db-nic")], [subnetId, idOf("network-vm-subnet")]);
  });

  it("leaves the audit logs alone where they are switched off, but not the activity log", async () => {
    const { result, resources } = await run({ audit: false });
    assert.equal(count(resources, "bastion-trail:index:BastionDiagnostics"), 0);
    assert.deepEqual(Object.keys(result).sort(), [
      "activityLogArchive",
      "bastionHostId",
      "bastionSubnetId",
      "flowLogArchive",
      "links",
      "subscriptionId",
      "tenantId",
      "virtualNetworkId",
      "vms",
      "workspaceCustomerId",
      "workspaceId",
    ]);
    assert.deepEqual(Object.keys((result as unknown as { links: pulumi.Unwrap<Links> }).links), [
      "bastionHost",
      "jitActivityQuery",
      "virtualMachines",
    ]);
  });

  it("has neither archive nor workspace where nothing is kept", async () => {
    const nothing = { audit: false, activityLogExport: false, flowLogs: "off" };
    const { result, resources } = await run({ bastionSku: "Developer", ...nothing });
    assert.equal(count(resources, "bastion-trail:index:FlowLogs"), 0);
    assert.equal(count(resources, "bastion-trail:index:AuditArchive"), 0);
    assert.equal(count(resources, "bastion-trail:index:AuditWorkspace"), 0);
    assert.deepEqual(result, {
      links: { bastionHost: `${portal}#@${tenantId}/resource${idOf("bastion-host")}`, virtualMachines: {} },
      subscriptionId,
      tenantId,
      bastionHostId: idOf("bastion-host"),
      virtualNetworkId: idOf("network-vnet"),
      vms: [],
    });
  });

  it("records sessions to a container of their own, and says what is left to do", async () => {
    const { result, only } = await run({ bastionSku: "Premium", sessionRecording: true });
    assert.equal(only("bastion-trail:index:RecordingContainer").name, "recording");
    assert.equal(only("azure-native:network:BastionHost").inputs.enableSessionRecording, true);
    assert.match(String((result as Record<string, unknown>).recordingNextStep), /SAS/);
  });

  it("logs the flows of the subnets that VMs are in, each once, and to the workspace where that is wanted", async () => {
    const own = `${hub}/Microsoft.Network/virtualNetworks/hub/subnets/machines`;
    const vms = [
      { name: "web", sshPublicKey: publicKey },
      { name: "app", login: "entraId", subnetId: own },
      { name: "db", login: "entraId", subnetId: own.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions") },
    ];
    const { ofType } = await run({ vms, flowLogs: "archive-and-workspace" });
    const logs = ofType("azure-native:network:FlowLog").map(({ inputs }) => inputs);
    assert.deepEqual(logs.map(({ flowLogName }) => flowLogName).sort(), [
      "bastion-trail-test-machines-8c651420",
      "bastion-trail-test-vms",
    ]);
    assert.deepEqual(logs[0]?.flowAnalyticsConfiguration, {
      networkWatcherFlowAnalyticsConfiguration: {
        enabled: true,
        workspaceId: "5a4e1b30-7c53-4b9c-9f0e-1d2c3b4a5f60",
        workspaceRegion: "westeurope",
        workspaceResourceId: idOf("workspace-workspace"),
        trafficAnalyticsInterval: 10,
      },
    });
  });

  it("locks archive, workspace, host and machines, the host after its diagnostic setting", async () => {
    const { resources } = await run({ lock: "CanNotDelete", vms: [{ name: "web", sshPublicKey: publicKey }] });
    const locks = resources.filter(({ type }) => type.endsWith(":ManagementLockByScope"));
    assert.deepEqual(
      locks.map(({ inputs }) => inputs.scope).sort(),
      [
        idOf("archive-account"),
        idOf("bastion-host"),
        idOf("flows-account"),
        idOf("web"),
        idOf("workspace-workspace"),
      ].sort(),
    );
    assert.ok(locks.find(({ name }) => name === "bastion-lock")?.dependsOn.includes("audit-setting"));
  });

  it("passes its tags to everything", async () => {
    const { resources } = await run({ tags: { team: "blue" }, vms: threeVms });
    const tagged = resources.filter(({ inputs }) => inputs.tags !== undefined).map(({ type }) => type);
    assert.deepEqual([...new Set(tagged)].sort(), [
      "azure-native:compute:VirtualMachine",
      "azure-native:compute:VirtualMachineExtension",
      "azure-native:managedidentity:UserAssignedIdentity",
      "azure-native:network:BastionHost",
      "azure-native:network:FlowLog",
      "azure-native:network:NetworkInterface",
      "azure-native:network:NetworkSecurityGroup",
      "azure-native:network:PublicIPAddress",
      "azure-native:network:VirtualNetwork",
      "azure-native:operationalinsights:Workspace",
      "azure-native:resources:ResourceGroup",
      "azure-native:storage:StorageAccount",
    ]);
  });

  it("registers nothing when the config is refused", async () => {
    let registered = 0;
    await pulumi.runtime.setMocks(
      {
        newResource: () => {
          registered += 1;
          return { id: "id", state: {} };
        },
        call: () => ({}),
      },
      "bastion-trail",
      "test",
    );
    pulumi.runtime.setAllConfig({ "bastion-trail:location": "westeurope", "bastion-trail:bastionSku": "Gold" });
    await assert.rejects(deploy(), {
      name: "ValidationError",
      message:
        'The config of stack test: bastion-trail:bastionSku is "Gold"; must be one of Developer, Basic, Standard, Premium.',
    });
    assert.equal(registered, 0);
  });
});
