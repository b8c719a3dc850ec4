import assert from "node:assert/strict";
import { AzureClients, seen } from "./azureClients.ts";
import { forSuite } from "../held.ts";
import { smallConfig, TestSandbox, unchanged, type StackConfig } from "./harness.ts";

const group = "trail";
const location = "westeurope";
const tags = { "cost-center": "ops" };
const auditContainer = "insights-logs-bastionauditlogs";
const config: StackConfig = { ...smallConfig, lock: "CanNotDelete", archiveRetentionDays: 400, tags };

describe("the Azure SDK clients read the deployed evidence", () => {
  let azure: AzureClients;
  let total: number;
  let root: string;
  let account: string;
  let flowAccount: string;
  let accountId: string;
  let workspaceId: string;
  let hostId: string;
  let started: Date;

  const sandbox = forSuite(() => TestSandbox.start());
  before(async () => {
    started = new Date();
    const { outputs, changes } = await sandbox.up(config);
    total = changes.create;
    ({ account } = outputs.archive as { account: string });
    ({ account: flowAccount } = outputs.flowLogArchive as { account: string });
    azure = new AzureClients(sandbox);
    root = `/subscriptions/${azure.subscriptionId}/resourceGroups/${group}`;
    accountId = `${root}/providers/Microsoft.Storage/storageAccounts/${account}`;
    workspaceId = `${root}/providers/Microsoft.OperationalInsights/workspaces/trail-logs`;
    hostId = `${root}/providers/Microsoft.Network/bastionHosts/trail-bastion`;
  });

  it("the archive's storage account, closed as far as Azure Monitor allows", async () => {
    const { creationTime, keyCreationTime, encryption, primaryEndpoints, ...properties } = seen(
      await azure.storage.storageAccounts.getProperties(group, account),
    );
    assert.match(account, /^trail[a-z0-9]{8}$/);
    assert.ok(creationTime !== undefined && keyCreationTime !== undefined);
    assert.match(primaryEndpoints?.blob ?? "", new RegExp(`/${account}/$`));
    assert.deepEqual(properties, {
      id: accountId,
      name: account,
      type: "Microsoft.Storage/storageAccounts",
      location,
      tags,
      kind: "StorageV2",
      sku: { name: "Standard_LRS", tier: "Standard" },
      accessTier: "Hot",
      provisioningState: "Succeeded",
      primaryLocation: location,
      statusOfPrimary: "available",
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      allowCrossTenantReplication: false,
      defaultToOAuthAuthentication: true,
      isHnsEnabled: false,
      dnsEndpointType: "Standard",
      networkRuleSet: { bypass: "AzureServices", virtualNetworkRules: [], ipRules: [], defaultAction: "Allow" },
      privateEndpointConnections: [],
    });
    assert.deepEqual(
      [encryption?.keySource, encryption?.requireInfrastructureEncryption, encryption?.services?.blob?.enabled],
      ["Microsoft.Storage", true, true],
    );
  });

  it("its data protection, its two containers and its lifecycle rule", async () => {
    const service = await azure.storage.blobServices.getServiceProperties(group, account);
    assert.deepEqual(
      [service.isVersioningEnabled, seen(service.deleteRetentionPolicy), seen(service.containerDeleteRetentionPolicy)],
      [true, { enabled: true, days: 14 }, { enabled: true, days: 14 }],
    );
    const containers = await Array.fromAsync(azure.storage.blobContainers.list(group, account));
    assert.deepEqual(
      containers.map((each) => [each.name, each.publicAccess, each.hasImmutabilityPolicy]),
      [
        ["insights-activity-logs", "None", false],
        [auditContainer, "None", false],
      ],
    );
    const { policy } = await azure.storage.managementPolicies.get(group, account, "default");
    assert.deepEqual(seen(policy), {
      rules: [
        {
          enabled: true,
          name: "delete-logs-after-retention",
          type: "Lifecycle",
          definition: {
            actions: {
              baseBlob: { delete: { daysAfterModificationGreaterThan: 400 } },
              snapshot: { delete: { daysAfterCreationGreaterThan: 400 } },
              version: { delete: { daysAfterCreationGreaterThan: 400 } },
            },
            filters: {
              prefixMatch: [`${auditContainer}/`, "insights-activity-logs/"],
              blobTypes: ["appendBlob"],
            },
          },
        },
      ],
    });
  });

  it("the workspace", async () => {
    const workspace = await azure.get(workspaceId, "2023-09-01");
    assert.deepEqual([workspace.id, workspace.location, workspace.tags], [workspaceId, location, tags]);
    const { sku, retentionInDays, provisioningState, customerId } = workspace.properties as Record<string, unknown> & {
      sku: { name: string };
    };
    assert.deepEqual([sku.name, retentionInDays, provisioningState], ["PerGB2018", 90, "Succeeded"]);
    assert.match(String(customerId), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  // "The API returns all categories" of the scope, with a retention policy that is switched off (azurerm #17172).
  const retentionPolicy = { enabled: false, days: 0 };

  it("the diagnostic setting of the Bastion host", async () => {
    const { value } = await azure.monitor.diagnosticSettings.list(hostId.slice(1));
    assert.deepEqual(seen(value), [
      {
        id: `${hostId}/providers/Microsoft.Insights/diagnosticSettings/bastion-audit-logs`,
        name: "bastion-audit-logs",
        type: "Microsoft.Insights/diagnosticSettings",
        storageAccountId: accountId,
        workspaceId,
        logAnalyticsDestinationType: "Dedicated",
        logs: [{ category: "BastionAuditLogs", enabled: true, retentionPolicy }],
        metrics: [{ category: "AllMetrics", enabled: false, retentionPolicy }],
      },
    ]);
  });

  it("the diagnostic setting of the subscription", async () => {
    const scope = `subscriptions/${azure.subscriptionId}`;
    const { value } = await azure.monitor.diagnosticSettings.list(scope);
    const [setting, ...others] = value ?? [];
    assert.deepEqual(others, []);
    assert.deepEqual([setting?.name, setting?.storageAccountId, setting?.workspaceId], [group, accountId, workspaceId]);
    assert.deepEqual(
      setting?.logs?.filter(({ enabled }) => enabled).map(({ category }) => category),
      ["Administrative", "Security"],
    );
  });

  it("the writes of the deployment in the activity log", async () => {
    const filter = `eventTimestamp ge '${started.toISOString()}' and resourceUri eq '${hostId}'`;
    const events = await Array.fromAsync(azure.monitor.activityLogs.list(filter));
    const deployment = events.filter(({ operationName }) => operationName!.value.startsWith("Microsoft.Network/"));
    assert.deepEqual(
      deployment.map((event) => [event.eventName?.value, event.status?.value, event.operationName?.value]).sort(),
      [
        ["BeginRequest", "Started", "Microsoft.Network/bastionHosts/write"],
        // Accepted when the long-running operation begins, succeeded when it ends.
        ["EndRequest", "Accepted", "Microsoft.Network/bastionHosts/write"],
        ["EndRequest", "Succeeded", "Microsoft.Network/bastionHosts/write"],
      ],
    );
    assert.equal(deployment[0]?.claims?.appid, sandbox.description.clientId);
    assert.equal(new Set(deployment.map(({ correlationId }) => correlationId)).size, 1);
  });

  it("the locks on what holds evidence and on what gives access, which Azure enforces", async () => {
    const listed = await sandbox.arm(
      "GET",
      `/subscriptions/${azure.subscriptionId}/providers/Microsoft.Authorization/locks?api-version=2020-05-01`,
    );
    const locks = listed.body.value as { id: string; properties: { level: string } }[];
    const lockOf = (id: string, name: string) => [
      `${id}/providers/Microsoft.Authorization/locks/${name}`,
      "CanNotDelete",
    ];
    assert.deepEqual(
      locks.map(({ id, properties }) => [id, properties.level]).sort(),
      [
        lockOf(accountId, "archive-account-lock"),
        lockOf(workspaceId, "workspace-workspace-lock"),
        lockOf(`${root}/providers/Microsoft.Storage/storageAccounts/${flowAccount}`, "flows-account-lock"),
        lockOf(hostId, "bastion-lock"),
        lockOf(`${root}/providers/Microsoft.Compute/virtualMachines/web`, "web-lock"),
      ].sort(),
    );
    const refused = { statusCode: 409, code: "ScopeLocked" };
    await assert.rejects(azure.storage.storageAccounts.delete(group, account), refused);
    await assert.rejects(azure.network.bastionHosts.beginDeleteAndWait(group, "trail-bastion"), refused);
    await assert.rejects(async () => azure.compute.virtualMachines.delete(group, "web"), refused);
    // A lock covers what lies below and what extends the resource.
    await assert.rejects(azure.storage.blobContainers.delete(group, account, auditContainer), refused);
    await assert.rejects(azure.monitor.diagnosticSettings.delete(hostId.slice(1), "bastion-audit-logs"), refused);
    assert.deepEqual(await sandbox.preview(config), unchanged(total));
  });

  it("a long-running operation, which their pollers follow to its end", async () => {
    const tenMinutes = 600_000;
    await azure.resources.resourceGroups.createOrUpdate("spare", { location });
    await azure.network.publicIPAddresses.beginCreateOrUpdateAndWait(
      "spare",
      "address",
      { location, sku: { name: "Standard" }, publicIPAllocationMethod: "Static" },
      { updateIntervalInMs: 50 },
    );
    await sandbox.admin("POST", "/sandbox/delays", { operationDelayMs: tenMinutes });
    const poller = await azure.network.publicIPAddresses.beginDelete("spare", "address", { updateIntervalInMs: 50 });
    await poller.poll();
    assert.equal(poller.getOperationState().status, "running");
    assert.equal((await azure.network.publicIPAddresses.get("spare", "address")).provisioningState, "Deleting");
    await sandbox.admin("POST", "/sandbox/clock", { advanceMs: tenMinutes });
    await poller.pollUntilDone();
    assert.equal(poller.getOperationState().status, "succeeded");
    await assert.rejects(azure.network.publicIPAddresses.get("spare", "address"), {
      statusCode: 404,
      code: "ResourceNotFound",
    });
    await sandbox.admin("POST", "/sandbox/delays", { operationDelayMs: 100 });
    await azure.resources.resourceGroups.beginDeleteAndWait("spare", { updateIntervalInMs: 50 });
    assert.deepEqual((await Array.fromAsync(azure.resources.resourceGroups.list())).map(({ name }) => name).sort(), [
      "NetworkWatcherRG",
      group,
    ]);
  });

  it("nothing after destroy, which takes the locks off first", async () => {
    assert.deepEqual(await sandbox.destroy(config), { ...unchanged(0), delete: total });
    // Azure made these, and keeps them.
    assert.deepEqual(
      (await Array.fromAsync(azure.resources.resources.list())).map(({ name }) => name),
      ["NetworkWatcher_westeurope"],
    );
    assert.deepEqual(
      (await Array.fromAsync(azure.resources.resourceGroups.list())).map(({ name }) => name),
      ["NetworkWatcherRG"],
    );
    assert.deepEqual((await azure.monitor.diagnosticSettings.list(`subscriptions/${azure.subscriptionId}`)).value, []);
    // Azure has no DELETE for the plan of a subscription.
    assert.equal((await azure.security.pricings.get("VirtualMachines")).pricingTier, "Standard");
  });
});
