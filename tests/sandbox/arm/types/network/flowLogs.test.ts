import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { network, putNetwork, startCloud, textOf, vmSubnet } from "../cloud.ts";
import { forEachTest } from "../../../../held.ts";

const account = "Microsoft.Storage/storageAccounts/flows";
const workspace = "Microsoft.OperationalInsights/workspaces/logs";

describe("a Network Watcher", () => {
  const cloud = forEachTest(startCloud);

  const group = (): string => `${cloud.plane.subscription}/resourceGroups/NetworkWatcherRG`;
  const watcher = (region: string): string =>
    `${group()}/providers/Microsoft.Network/networkWatchers/NetworkWatcher_${region}`;

  it("is made by Azure with the first virtual network of a region", async () => {
    assert.equal((await cloud.send("GET", watcher("westeurope"))).status, 404);
    await putNetwork(cloud);
    const { name, location, properties } = await cloud.get(watcher("westeurope"));
    assert.deepEqual(
      [name, location, properties],
      ["NetworkWatcher_westeurope", "westeurope", { provisioningState: "Succeeded" }],
    );
    assert.equal((await cloud.get(group())).location, "westeurope");
  });

  it("is made again when a network is updated after it was deleted", async () => {
    await putNetwork(cloud);
    await cloud.delete(watcher("westeurope"));
    assert.equal((await cloud.send("GET", watcher("westeurope"))).status, 404);
    await putNetwork(cloud);
    await cloud.get(watcher("westeurope"));
  });

  it("is one for each region, whatever its name and group", async () => {
    const other = "Microsoft.Network/networkWatchers/central";
    await cloud.put(other, { location: "West Europe", properties: {} });
    await putNetwork(cloud);
    assert.equal((await cloud.send("GET", watcher("westeurope"))).status, 404);
    assert.equal(
      await cloud.refusal("PUT", "Microsoft.Network/networkWatchers/second", { location: "westeurope" }),
      "409 NetworkWatcherCountLimitReached: Cannot create more than 1 network watchers for this subscription in this region.",
    );
  });
});

describe("a flow log", () => {
  const cloud = forEachTest(startCloud);
  beforeEach(async () => {
    await putNetwork(cloud);
    await cloud.put(account, accountBody("westeurope"));
  });

  const accountBody = (location: string, sku = "Standard_LRS"): JsonObject => ({
    location,
    kind: "StorageV2",
    sku: { name: sku },
    properties: {},
  });
  const id = (name = "vms"): string =>
    `${cloud.plane.subscription}/resourceGroups/NetworkWatcherRG/providers/Microsoft.Network/networkWatchers/NetworkWatcher_westeurope/flowLogs/${name}`;
  const body = (properties: JsonObject = {}): JsonObject => ({
    location: "westeurope",
    properties: { targetResourceId: cloud.id(vmSubnet), storageId: cloud.id(account), enabled: true, ...properties },
  });
  const refusal = (properties: JsonObject, name?: string) => cloud.refused("PUT", id(name), body(properties));

  it("has Azure's defaults", async () => {
    const { properties } = await cloud.put(id(), body());
    assert.deepEqual(properties, {
      targetResourceId: cloud.id(vmSubnet),
      storageId: cloud.id(account),
      enabled: true,
      provisioningState: "Succeeded",
      targetResourceGuid: "",
      format: { type: "JSON", version: 2 },
      retentionPolicy: { days: 0, enabled: false },
      flowAnalyticsConfiguration: {
        networkWatcherFlowAnalyticsConfiguration: { enabled: false, trafficAnalyticsInterval: 60 },
      },
    });
  });

  it("is of a virtual network, a subnet or an interface that exists, once, and stays with it", async () => {
    const nothing = `${cloud.id(network)}/subnets/none`;
    assert.deepEqual(await refusal({ targetResourceId: nothing }), {
      status: 400,
      code: "InvalidResourceReference",
      message: `Resource ${nothing} referenced by resource ${id()} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    });
    const nsg = "Microsoft.Network/networkSecurityGroups/nsg";
    await cloud.put(nsg, { location: "westeurope", properties: {} });
    assert.equal((await refusal({ targetResourceId: cloud.id(nsg) })).code, "InvalidTargetResource");
    await cloud.put(id(), body());
    assert.equal((await refusal({}, "again")).code, "FlowLogAlreadyExists");
    assert.equal((await refusal({ targetResourceId: cloud.id(network) })).code, "TargetResourceCannotBeChanged");
    await cloud.put(id("network"), body({ targetResourceId: cloud.id(network) }));
  });

  it("is in the region of its watcher, its target and its account", async () => {
    assert.equal((await cloud.refused("PUT", id(), { ...body(), location: "northeurope" })).code, "InvalidLocation");
    const far = "Microsoft.Storage/storageAccounts/far";
    await cloud.put(far, accountBody("northeurope"));
    assert.equal((await refusal({ storageId: cloud.id(far) })).code, "InvalidResourceReference");
  });

  it("needs a standard account", async () => {
    const fast = "Microsoft.Storage/storageAccounts/fast";
    await cloud.put(fast, accountBody("westeurope", "Premium_LRS"));
    assert.equal((await refusal({ storageId: cloud.id(fast) })).code, "UnsupportedStorageAccountType");
  });

  it("has Traffic Analytics in a workspace whose region and id are right", async () => {
    await cloud.put(workspace, { location: "northeurope", properties: { sku: { name: "PerGB2018" } } });
    const { customerId } = (await cloud.get(workspace)).properties as JsonObject;
    const analytics = (more: JsonObject): JsonObject => ({
      flowAnalyticsConfiguration: {
        networkWatcherFlowAnalyticsConfiguration: {
          enabled: true,
          workspaceResourceId: cloud.id(workspace),
          workspaceId: textOf(customerId),
          workspaceRegion: "northeurope",
          trafficAnalyticsInterval: 10,
          ...more,
        },
      },
    });
    assert.deepEqual(await refusal(analytics({ workspaceRegion: "westeurope" })), {
      status: 400,
      code: "InvalidTAWorkspaceRegion",
      message: `The specified region westeurope for workspace is invalid. Workspace ${cloud.id(workspace)} located in northeurope region.`,
    });
    assert.equal((await refusal(analytics({ workspaceId: "other" }))).code, "InvalidTAWorkspaceId");
    assert.equal((await refusal(analytics({ trafficAnalyticsInterval: 5 }))).code, "InvalidTAInterval");
    assert.equal((await refusal(analytics({ workspaceResourceId: cloud.id(account) }))).code, "InvalidTAWorkspace");
    await cloud.put(id(), body(analytics({})));
  });

  it("has an identity that exists, and shows its principal", async () => {
    const writer = "Microsoft.ManagedIdentity/userAssignedIdentities/writer";
    const identity = { type: "UserAssigned", userAssignedIdentities: { [cloud.id(writer)]: {} } };
    assert.equal((await cloud.refused("PUT", id(), { ...body(), identity })).code, "FailedIdentityOperation");
    const { principalId, clientId } = (await cloud.put(writer, { location: "westeurope" })).properties as JsonObject;
    assert.deepEqual((await cloud.put(id(), { ...body(), identity })).identity, {
      ...identity,
      userAssignedIdentities: { [cloud.id(writer)]: { principalId, clientId } },
    });
  });
});
