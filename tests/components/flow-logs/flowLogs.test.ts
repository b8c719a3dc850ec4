import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { FlowLogs, type FlowLogsArgs } from "../../../components/flow-logs/flowLogs.ts";
import { idOf, recordProgram, subscriptionId } from "../recordedProgram.ts";

const account = "azure-native:storage:StorageAccount";
const flowLog = "azure-native:network:FlowLog";
const principalId = "6d1f0f7e-2f0a-4c3b-9a51-0f4a7e1c2b3d";
const subnetId = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/net/subnets/vms`;
const workspaceId = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/logs`;

function deploy(args: Partial<FlowLogsArgs> = {}) {
  return recordProgram(
    () => {
      const { accountId, accountName, blobEndpoint, containerName, flowLogIds } = new FlowLogs("flows", {
        resourceGroupName: "rg",
        location: "West Europe",
        targets: [{ name: "vms", resourceId: subnetId }],
        ...args,
      });
      return { accountId, accountName, blobEndpoint, containerName, flowLogIds };
    },
    {
      outputs: (type, inputs) =>
        type === "random:index/randomString:RandomString"
          ? { result: "k3j9x2ab" }
          : type === account
            ? {
                name: inputs.accountName,
                primaryEndpoints: { blob: `https://${String(inputs.accountName)}.blob.core.windows.net/` },
              }
            : type === "azure-native:managedidentity:UserAssignedIdentity"
              ? { principalId }
              : {},
    },
  );
}

describe("FlowLogs", () => {
  it("is a flow log in the region's Network Watcher, written by an identity of its own", async () => {
    const { only, result } = await deploy();
    const { inputs, deleteBeforeReplace, replaceOnChanges, beforeCreate } = only(flowLog);
    assert.deepEqual(inputs, {
      resourceGroupName: "NetworkWatcherRG",
      networkWatcherName: "NetworkWatcher_westeurope",
      flowLogName: "flows-vms",
      location: "West Europe",
      targetResourceId: subnetId,
      storageId: idOf("flows-account"),
      enabled: true,
      format: { type: "JSON", version: 2 },
      retentionPolicy: { enabled: false, days: 0 },
      identity: { type: "UserAssigned", userAssignedIdentities: [idOf("flows-writer")] },
      flowAnalyticsConfiguration: { networkWatcherFlowAnalyticsConfiguration: { enabled: false } },
    });
    assert.deepEqual([deleteBeforeReplace, beforeCreate], [true, ["FlowLogs flows has-watcher"]]);
    assert.deepEqual(replaceOnChanges, ["targetResourceId"]);
    assert.deepEqual(result, {
      accountId: idOf("flows-account"),
      accountName: "flowsk3j9x2ab",
      blobEndpoint: "https://flowsk3j9x2ab.blob.core.windows.net/",
      containerName: "insights-logs-flowlogflowevent",
      flowLogIds: [idOf("flows-vms-flow-log")],
    });
  });

  it("lets the identity write blobs of the account, and nothing else", async () => {
    const { only } = await deploy();
    const { inputs } = only("azure-native:authorization:RoleAssignment");
    const { roleAssignmentName, ...others } = inputs;
    assert.match(String(roleAssignmentName), /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(others, {
      scope: idOf("flows-account"),
      principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe`,
    });
    assert.ok(only(flowLog).dependsOn.includes("flows-may-write"));
  });

  it("keeps no state of a blob that is written again every minute, and opens to no key", async () => {
    const { only } = await deploy();
    const { isVersioningEnabled, deleteRetentionPolicy } = only("azure-native:storage:BlobServiceProperties").inputs;
    assert.deepEqual([isVersioningEnabled, deleteRetentionPolicy], [false, { enabled: false }]);
    assert.equal(only(account).inputs.allowSharedKeyAccess, false);
  });

  it("deletes block blobs after the retention, by a rule that is made after the flow logs", async () => {
    const { only } = await deploy({ retentionDays: 30 });
    const { inputs, dependsOn, beforeUpdate } = only("azure-native:storage:ManagementPolicy");
    assert.deepEqual((inputs.policy as { rules: { definition: unknown }[] }).rules[0]?.definition, {
      filters: { blobTypes: ["blockBlob"], prefixMatch: ["insights-logs-flowlogflowevent/"] },
      actions: {
        baseBlob: { delete: { daysAfterModificationGreaterThan: 30 } },
        snapshot: { delete: { daysAfterCreationGreaterThan: 30 } },
        version: { delete: { daysAfterCreationGreaterThan: 30 } },
      },
    });
    assert.ok(dependsOn.includes("flows-vms-flow-log"));
    assert.deepEqual(beforeUpdate, ["FlowLogs flows keeps-retention"]);
  });

  it("logs several targets in a Network Watcher that is named, and sends them to a workspace", async () => {
    const workspace = { workspaceId, customerId: "22222222-2222-3333-4444-555555555555", location: "northeurope" };
    const { ofType } = await deploy({
      networkWatcherId: `/subscriptions/${subscriptionId}/resourceGroups/ops/providers/Microsoft.Network/networkWatchers/central`,
      flowLogNamePrefix: "trail",
      targets: [
        { name: "vms", resourceId: subnetId },
        { name: "apps", resourceId: `${subnetId}2` },
      ],
      workspace,
    });
    assert.deepEqual(
      ofType(flowLog).map(({ inputs }) => [inputs.resourceGroupName, inputs.networkWatcherName, inputs.flowLogName]),
      [
        ["ops", "central", "trail-vms"],
        ["ops", "central", "trail-apps"],
      ],
    );
    assert.deepEqual(ofType(flowLog)[1]?.inputs.flowAnalyticsConfiguration, {
      networkWatcherFlowAnalyticsConfiguration: {
        enabled: true,
        workspaceResourceId: workspaceId,
        workspaceId: "22222222-2222-3333-4444-555555555555",
        workspaceRegion: "northeurope",
        trafficAnalyticsInterval: 10,
      },
    });
  });

  it("is locked last, so that the lock is deleted first", async () => {
    const { only } = await deploy({ lock: "CanNotDelete" });
    const lock = only("azure-native:authorization:ManagementLockByScope");
    assert.equal(lock.inputs.scope, idOf("flows-account"));
    for (const name of ["flows-blob-service", "flows-may-write", "flows-retention", "flows-vms-flow-log"]) {
      assert.ok(lock.dependsOn.includes(name), name);
    }
  });

  it("refuses what Azure refuses, all at once", async () => {
    await assert.rejects(
      deploy({
        accountNamePrefix: "Flows",
        replication: "Premium_LRS" as "Standard_LRS",
        retentionDays: 1.5,
        networkWatcherId: "NetworkWatcher_westeurope",
        targets: [
          { name: "vms", resourceId: subnetId },
          { name: "VMs", resourceId: `${subnetId}-2` },
          { name: "a b", resourceId: `${subnetId}-3` },
        ],
      }),
      {
        name: "ValidationError",
        message: `FlowLogs "flows" has 6 problems:
  - accountNamePrefix is "Flows"; must be 1 to 16 lowercase letters and digits: a storage account name has at most 24 characters, and 8 of them are random.
  - replication is "Premium_LRS"; Azure Monitor does not write logs to Premium accounts; must be one of Standard_LRS, Standard_ZRS, Standard_GRS, Standard_RAGRS, Standard_GZRS, Standard_RAGZRS.
  - retentionDays is 1.5; must be a whole number of days from 1 to 36500.
  - networkWatcherId is "NetworkWatcher_westeurope"; must be the ARM id of a Microsoft.Network/networkWatchers resource.
  - targets[1].name is "VMs"; another target already has this name.
  - targets[2].name is "a b"; must be letters, digits, ".", "-" and "_", not ending with a period or hyphen; with flowLogNamePrefix and a hyphen before it, at most 80 characters.`,
      },
    );
    await assert.rejects(
      deploy({
        flowLogNamePrefix: "",
        targets: [
          { name: "vms", resourceId: subnetId },
          { name: "db.", resourceId: subnetId.toUpperCase() },
        ],
        workspace: { workspaceId: "logs", customerId: "logs", location: "westeurope" },
      }),
      {
        message: `FlowLogs "flows" has 5 problems:
  - targets[1].name is "db."; must be letters, digits, ".", "-" and "_", not ending with a period or hyphen; with flowLogNamePrefix and a hyphen before it, at most 80 characters.
  - flowLogNamePrefix is ""; must be 1 to 64 letters, digits, hyphens and underscores, starting with a letter or digit.
  - targets[1].resourceId is "${subnetId.toUpperCase()}"; repeats targets[0].resourceId.
  - workspace.workspaceId is "logs"; must be the ARM id of a Microsoft.OperationalInsights/workspaces resource.
  - workspace.customerId is "logs"; must be the workspace's GUID.`,
      },
    );
    // One malformed target does not hide the others.
    await assert.rejects(
      deploy({
        targets: [
          { name: 1 as never, resourceId: "subnet" },
          { name: "a b", resourceId: subnetId },
          null as never,
          { name: "db", resourceId: subnetId },
        ],
        networkWatcherId: "watcher",
      }),
      {
        message: `FlowLogs "flows" has 6 problems:
  - targets[0].name is 1; must be text; put it in quotes.
  - targets[2] is null; must be an object.
  - networkWatcherId is "watcher"; must be the ARM id of a Microsoft.Network/networkWatchers resource.
  - targets[1].name is "a b"; must be letters, digits, ".", "-" and "_", not ending with a period or hyphen; with flowLogNamePrefix and a hyphen before it, at most 80 characters.
  - targets[3].resourceId is "${subnetId}"; repeats targets[1].resourceId.
  - targets[0].resourceId is "subnet"; must be the ARM id of a resource of type Microsoft.Network/virtualNetworks/subnets or Microsoft.Network/virtualNetworks or Microsoft.Network/networkInterfaces.`,
      },
    );
    await assert.rejects(deploy({ targets: [] }), {
      message: 'FlowLogs "flows": targets is []; must have at least one subnet, virtual network or interface.',
    });
  });

  it("refuses settings beside ones that are known only later", async () => {
    const later = {
      accountNamePrefix: pulumi.output("Flows"),
      replication: pulumi.output("Premium_LRS" as "Standard_LRS"),
      networkWatcherId: pulumi.output("watcher"),
      flowLogNamePrefix: pulumi.output("trail"),
    };
    await assert.rejects(
      deploy({ ...later, retentionDays: 0, targets: [{ name: "a b", resourceId: pulumi.output(subnetId) }] }),
      {
        message: `FlowLogs "flows" has 2 problems:
  - retentionDays is 0; must be a whole number of days from 1 to 36500.
  - targets[0].name is "a b"; must be letters, digits, ".", "-" and "_", not ending with a period or hyphen; with flowLogNamePrefix and a hyphen before it, at most 80 characters.`,
      },
    );
    await assert.rejects(deploy({ networkWatcherId: pulumi.output("watcher"), accountNamePrefix: "Flows" }), {
      message:
        'FlowLogs "flows": accountNamePrefix is "Flows"; must be 1 to 16 lowercase letters and digits: a storage account name has at most 24 characters, and 8 of them are random.',
    });
  });
});
