import assert from "node:assert/strict";
import { objectsAt, textAt } from "../../sandbox/arm/json.ts";
import { AzureClients } from "./azureClients.ts";
import { forSuite } from "../held.ts";
import { smallConfig, TestSandbox, unchanged, type StackConfig } from "./harness.ts";

const group = "shared";
const location = "westeurope";
const fast = { updateIntervalInMs: 50 };

/** What belongs to somebody else is made with Azure's own clients, as that somebody would. */
describe("a deployment that adopts what exists", () => {
  let azure: AzureClients;
  let networkId: string;
  let workspaceId: string;
  let accountId: string;
  let hostId: string;
  /** Everything that was there before. */
  let foreign: string[];

  const storageAccount = async (name: string, region: string) => {
    const { id } = await azure.storage.storageAccounts.create(group, name, {
      location: region,
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
    });
    return id ?? "";
  };

  const sandbox = forSuite(() => TestSandbox.start());
  before(async () => {
    azure = new AzureClients(sandbox);
    await azure.resources.resourceGroups.createOrUpdate(group, { location });
    const network = await azure.network.virtualNetworks.beginCreateOrUpdateAndWait(
      group,
      "hub",
      {
        location,
        addressSpace: { addressPrefixes: ["10.80.0.0/16"] },
        subnets: [
          { name: "AzureBastionSubnet", addressPrefix: "10.80.0.0/26" },
          { name: "servers", addressPrefix: "10.80.8.0/24" },
          { name: "more", addressPrefix: "10.80.10.0/24" },
        ],
      },
      fast,
    );
    networkId = network.id ?? "";
    const workspace = await azure.resources.resources.beginCreateOrUpdateAndWait(
      group,
      "Microsoft.OperationalInsights",
      "",
      "workspaces",
      "central",
      "2023-09-01",
      { location, properties: { sku: { name: "PerGB2018" }, retentionInDays: 180 } },
      fast,
    );
    workspaceId = workspace.id ?? "";
    accountId = await storageAccount("centralaudit", location);
    foreign = (await sandbox.resourceIds()).sort();
  });

  const config = (): StackConfig => ({
    ...smallConfig,
    existingVirtualNetworkId: networkId,
    existingBastionSubnetId: `${networkId}/subnets/AzureBastionSubnet`,
    existingVmSubnetId: `${networkId}/subnets/servers`,
    existingWorkspaceId: workspaceId,
    existingStorageAccountId: accountId,
  });

  it("is refused by preview when the storage account is in another region than the Bastion host", async () => {
    const elsewhere = await storageAccount("elsewhereaudit", "northeurope");
    assert.equal(
      await sandbox.fail("preview", ...sandbox.config({ ...config(), existingStorageAccountId: elsewhere })),
      `error: The config of stack sandbox: bastion-trail:existingStorageAccountId is "${elsewhere}"; the account is in northeurope; ` +
        "it must be in the region of the Bastion host, westeurope.",
    );
    await azure.storage.storageAccounts.delete(group, "elsewhereaudit");
  });

  for (const command of ["preview", "up"] as const) {
    it(`is refused by ${command}, before anything is created, with all that is missing or in the way`, async () => {
      const missing = `${workspaceId}2`;
      const values = {
        ...smallConfig,
        existingVirtualNetworkId: networkId,
        bastionSubnetPrefix: "10.80.1.0/26",
        vmSubnetPrefix: "10.80.9.0/24",
        existingWorkspaceId: missing,
      };
      assert.equal(
        await sandbox.fail(command, ...sandbox.config(values)),
        [
          "error: The config of stack sandbox has 2 problems:",
          '  - bastion-trail:bastionSubnetPrefix is "10.80.1.0/26"; the adopted network already has a subnet AzureBastionSubnet; set existingBastionSubnetId to use it.',
          `  - bastion-trail:existingWorkspaceId is "${missing}"; not found in the provider's subscription.`,
        ].join("\n"),
      );
      assert.deepEqual((await sandbox.resourceIds()).sort(), foreign);
    });
  }

  for (const location of ["westeurope", "northeurope"]) {
    it(`is refused by preview in ${location} when its resource group is somebody else's`, async () => {
      assert.equal(
        await sandbox.fail("preview", ...sandbox.config({ ...smallConfig, location, namePrefix: group })),
        `error: EvidenceGroup "group": resourceGroupName is "${group}"; Azure already has this resource group, and a deployment creates ` +
          "its own; choose another name, or import the group if an earlier deployment of this stack created it.",
      );
    });
  }

  it("is refused when the subscription sends its activity log to the same workspace already", async () => {
    const { subscriptionId } = sandbox.description;
    const setting = `/subscriptions/${subscriptionId}/providers/Microsoft.Insights/diagnosticSettings/central?api-version=2021-05-01-preview`;
    const logs = [{ category: "Administrative", enabled: true }];
    await sandbox.arm("PUT", setting, { properties: { workspaceId, logs } });
    assert.equal(
      await sandbox.fail("up", ...sandbox.config(config())),
      `error: The config of stack sandbox: bastion-trail:existingWorkspaceId is "${workspaceId}"; the diagnostic setting central of the ` +
        "subscription already sends Administrative there, and Azure does not accept a second one; delete it, use another destination, " +
        "or set activityLogExport to false.",
    );
    assert.deepEqual((await sandbox.resourceIds()).sort(), foreign);
    await sandbox.arm("DELETE", setting);
  });

  it("uses the network, the workspace and the storage account, and creates none of its own", async () => {
    const { outputs, changes } = await sandbox.up(config());
    assert.equal(outputs.workspaceId, workspaceId);
    assert.equal(textAt(outputs, "archive.account"), "centralaudit");
    assert.equal(objectsAt(outputs, "vms")[0]?.privateIp, "10.80.8.4");
    const types = (await sandbox.resourceIds())
      .filter((id) => !foreign.includes(id) && !id.endsWith(`/${textAt(outputs, "flowLogArchive.account")}`))
      .map((id) => id.split("/providers/")[1]?.split("/").slice(0, 2).join("/"));
    for (const adopted of [
      "Microsoft.Network/virtualNetworks",
      "Microsoft.OperationalInsights/workspaces",
      "Microsoft.Storage/storageAccounts",
    ]) {
      assert.ok(!types.includes(adopted), adopted);
    }
    // The up that was refused has left the stack itself in the state.
    assert.deepEqual(await sandbox.preview(config()), unchanged(changes.create + changes.same));
  });

  it("lets in who has requested access, from the adopted subnet, and keeps the record in the adopted account", async () => {
    assert.equal((await sandbox.connect("web")).outcome, "refused");
    await sandbox.request("web");
    const connected = await sandbox.connect("web");
    assert.ok(connected.outcome === "connected");
    assert.deepEqual(connected.deliveries.map((delivery) => delivery.split("/")[0]).sort(), [
      "storage:centralaudit",
      "workspace:central",
    ]);
  });

  it("is refused by preview in another subnet that already has a flow log", async () => {
    const subnetId = `${networkId}/subnets/more`;
    const log = ["NetworkWatcherRG", "NetworkWatcher_westeurope", "theirs"] as const;
    const theirs = { location, targetResourceId: subnetId, storageId: accountId };
    const { id } = await azure.network.flowLogs.beginCreateOrUpdateAndWait(...log, theirs, fast);
    const said = await sandbox.fail("preview", ...sandbox.config({ ...config(), existingVmSubnetId: subnetId }));
    const reason = `it already has the flow log ${id ?? ""}, and Azure allows one; delete it, or set flowLogs to off.`;
    assert.ok(said.includes(`bastion-trail:existingVmSubnetId is "${subnetId}"; ${reason}`), said);
    await azure.network.flowLogs.beginDeleteAndWait(...log, fast);
  });

  it("moves its VMs and their flow logs to another subnet of the network", async () => {
    const moved = { ...config(), existingVmSubnetId: `${networkId}/subnets/more` };
    const { outputs, changes } = await sandbox.up(moved);
    // The network interface, and what the network records; the flow log.
    assert.deepEqual([changes.update, changes.replace], [2, 1]);
    assert.equal(objectsAt(outputs, "vms")[0]?.privateIp, "10.80.10.4");
    const flowLog = await azure.network.flowLogs.get("NetworkWatcherRG", "NetworkWatcher_westeurope", "trail-vms");
    assert.equal(flowLog.targetResourceId, `${networkId}/subnets/more`);
    await sandbox.up(config());
  });

  it("is refused when a VM would move to another virtual network", async () => {
    const other = await azure.network.virtualNetworks.beginCreateOrUpdateAndWait(
      group,
      "other",
      {
        location,
        addressSpace: { addressPrefixes: ["10.81.0.0/16"] },
        subnets: [{ name: "servers", addressPrefix: "10.81.0.0/24" }],
      },
      fast,
    );
    const subnetId = `${other.id ?? ""}/subnets/servers`;
    const moved = { ...config(), vms: [{ name: "web", login: "entraId", subnetId }] };
    assert.equal(
      await sandbox.fail("preview", ...sandbox.config(moved)),
      `error: JitVirtualMachine "web": vmSubnetId is "${subnetId}"; the VM is in ${networkId}, and Azure cannot move it to another virtual network; ` +
        "set it back, or remove the VM before adding it again.",
    );
    await azure.network.virtualNetworks.beginDeleteAndWait(group, "other", fast);
  });

  it("is refused when it would create a network of its own, while its host and VM are in the adopted one", async () => {
    const { existingWorkspaceId, existingStorageAccountId } = config();
    assert.equal(
      await sandbox.fail(
        "preview",
        ...sandbox.config({ ...smallConfig, existingWorkspaceId, existingStorageAccountId }),
      ),
      'error: BastionNetwork "network": existingVirtualNetworkId is missing; the virtual network hub is in use ' +
        "(by bastionHosts/trail-bastion, networkInterfaces/web-nic), and Azure moves neither a Bastion host nor a VM to another one; " +
        "set it back, or first delete what uses the network.",
    );
  });

  it("leaves what it adopted behind, as it was", async () => {
    await sandbox.destroy(config());
    assert.deepEqual((await sandbox.resourceIds()).sort(), foreign);
    const { subnets = [] } = await azure.network.virtualNetworks.get(group, "hub");
    assert.deepEqual(
      subnets.map(({ name, networkSecurityGroup, ipConfigurations = [] }) => [
        name,
        networkSecurityGroup,
        ipConfigurations,
      ]),
      [
        ["AzureBastionSubnet", undefined, []],
        ["servers", undefined, []],
        ["more", undefined, []],
      ],
    );
  });

  it("takes the Bastion host, too, in the host's own network, with subnets and logs of its own", async () => {
    const address = await azure.network.publicIPAddresses.beginCreateOrUpdateAndWait(
      group,
      "hub-address",
      { location, sku: { name: "Standard" }, publicIPAllocationMethod: "Static" },
      fast,
    );
    const host = await azure.network.bastionHosts.beginCreateOrUpdateAndWait(
      group,
      "hub-bastion",
      {
        location,
        sku: { name: "Basic" },
        ipConfigurations: [
          {
            name: "ip",
            subnet: { id: `${networkId}/subnets/AzureBastionSubnet` },
            publicIPAddress: { id: address.id ?? "" },
          },
        ],
      },
      fast,
    );
    hostId = host.id ?? "";
    const own: StackConfig = {
      ...smallConfig,
      existingVirtualNetworkId: networkId,
      existingBastionSubnetId: `${networkId}/subnets/AzureBastionSubnet`,
      vmSubnetPrefix: "10.80.9.0/24",
      existingBastionHostId: hostId,
    };
    const { outputs } = await sandbox.up(own);
    assert.ok(textAt(outputs, "links.bastionHost")!.endsWith(`/resource${hostId}`));
    assert.equal(textAt(outputs, "archive.blobPrefix"), `resourceId=${hostId.toUpperCase()}/`);
    assert.equal(objectsAt(outputs, "vms")[0]?.privateIp, "10.80.9.4");
    await sandbox.request("web");
    const connected = await sandbox.connect("web");
    assert.ok(connected.outcome === "connected");
    assert.ok(connected.blobPath!.includes(`resourceId=${hostId.toUpperCase()}/`));
    const ownSubnetId = `${networkId}/subnets/vms`;
    assert.equal(
      await sandbox.fail(
        "preview",
        ...sandbox.config({ ...own, vmSubnetPrefix: "10.60.1.0/24", existingVmSubnetId: ownSubnetId }),
      ),
      `error: BastionNetwork "network": existingVmSubnetId is "${ownSubnetId}"; this stack created the resource of this id, and would delete it; set it back.`,
    );
    await sandbox.destroy(own);
    assert.equal((await azure.network.bastionHosts.get(group, "hub-bastion")).provisioningState, "Succeeded");
    assert.deepEqual((await azure.monitor.diagnosticSettings.list(hostId.slice(1))).value, []);
  });
});
