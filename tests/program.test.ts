import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";
import deploy from "../index.ts";
import { accessActivityQuery, bastionSessionsQuery } from "../core/links/index.ts";
import type { Links } from "../program/outputs.ts";
import { idOf, recordProgram, subscriptionId } from "./components/recordedProgram.ts";

const tenantId = "99999999-8888-7777-6666-555555555555";
const publicKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAlBdXY/GSTsnwu93d5uSZJmHWfXkuOQ/0QVmOTc+rWv somebody`;
const hub = `/subscriptions/${subscriptionId}/resourceGroups/hub/providers`;
const portal = "https://portal.azure.com/";

/** Runs the program with the config of a stack named `test`, on a mocked Azure. */
function run(config: Record<string, unknown>, provider: Record<string, string> = {}) {
  return recordProgram(
    async () => {
      const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
      pulumi.runtime.setAllConfig(
        Object.fromEntries([
          ...Object.entries({ location: "westeurope", ...config }).map(
            ([key, value]) => [`bastion-trail:${key}`, text(value)] as const,
          ),
          ...Object.entries(provider).map(([key, value]) => [`azure-native:${key}`, value] as const),
        ]),
      );
      return { ...(await deploy()) };
    },
    {
      outputs: (type, inputs) => {
        switch (type) {
          case "random:index/randomString:RandomString":
            return { result: "k3j9x2ab" };
          case "random:index/randomPassword:RandomPassword":
            return { result: "Generated-1" };
          case "azure-native:network:NetworkInterface":
            return { ipConfigurations: [{ name: "internal", privateIPAddress: "10.60.1.4" }] };
          case "azure-native:network:BastionHost":
            return { name: inputs.bastionHostName, dnsName: "bst-1.bastion.azure.com" };
          case "azure-native:compute:VirtualMachine":
            return { name: inputs.vmName };
          case "azure-native:storage:StorageAccount":
            return {
              name: inputs.accountName,
              primaryEndpoints: { blob: `https://${String(inputs.accountName)}.blob.core.windows.net/` },
            };
          case "azure-native:storage:BlobContainer":
            return { name: inputs.containerName };
          case "azure-native:managedidentity:UserAssignedIdentity":
            return { principalId: "6d1f0f7e-2f0a-4c3b-9a51-0f4a7e1c2b3d" };
          case "azure-native:operationalinsights:Workspace":
            return { customerId: "5a4e1b30-7c53-4b9c-9f0e-1d2c3b4a5f60" };
          default:
            return {};
        }
      },
      functions: {
        "azure-native:authorization:getClientConfig": () => ({
          subscriptionId,
          tenantId,
          clientId: "c",
          objectId: "o",
        }),
        "azure-native:authorization:getClientToken": () => ({ token: "secret-token" }),
        "azure-native:network:getVirtualNetwork": ({ virtualNetworkName }) => ({
          id: `${hub}/Microsoft.Network/virtualNetworks/${String(virtualNetworkName)}`,
          name: virtualNetworkName,
          location: "westeurope",
          addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
          subnets: [
            { name: "AzureBastionSubnet", addressPrefix: "10.0.0.0/26" },
            { name: "machines", addressPrefix: "10.0.1.0/24" },
          ],
        }),
        "azure-native:resources:getResourceGroup": () => ({ name: "bastion-trail-test" }),
        "azure-native:network:getNetworkWatcher": ({ resourceGroupName, networkWatcherName }) => ({
          id: `/subscriptions/${subscriptionId}/resourceGroups/${String(resourceGroupName)}/providers/Microsoft.Network/networkWatchers/${String(networkWatcherName)}`,
          location: "westeurope",
        }),
        "azure-native:network:getSubnet": ({ subnetName, virtualNetworkName }) => ({
          id: `${hub}/Microsoft.Network/virtualNetworks/${String(virtualNetworkName)}/subnets/${String(subnetName)}`,
          name: subnetName,
          addressPrefix: subnetName === "AzureBastionSubnet" ? "10.0.0.0/26" : "10.0.1.0/24",
        }),
        "azure-native:network:getBastionHost": ({ bastionHostName }) => ({
          id: `${hub}/Microsoft.Network/bastionHosts/${String(bastionHostName)}`,
          name: bastionHostName,
          enableSessionRecording: bastionHostName === "recorder",
          location: "westeurope",
          dnsName: "bst-2.bastion.azure.com",
          sku: { name: "Standard" },
          ipConfigurations: [
            { subnet: { id: `${hub}/Microsoft.Network/virtualNetworks/hub/subnets/AzureBastionSubnet` } },
          ],
        }),
        "azure-native:storage:getStorageAccount": () => ({
          id: `${hub}/Microsoft.Storage/storageAccounts/centrallogs`,
          name: "centrallogs",
          location: "westeurope",
          kind: "StorageV2",
          sku: { name: "Standard_GRS", tier: "Standard" },
          primaryEndpoints: { blob: "https://centrallogs.blob.core.windows.net/" },
        }),
        "azure-native:operationalinsights:getWorkspace": () => ({
          id: `${hub}/Microsoft.OperationalInsights/workspaces/central`,
          name: "central",
          customerId: "c",
          location: "westeurope",
        }),
      },
    },
  );
}

const threeMachines = [
  { name: "web", sshPublicKey: publicKey },
  { name: "db", login: "entraId", zone: "2", jitMaxDuration: "1h" },
  { name: "desk", os: "windows" },
];

/** The query that a link to Log Analytics carries. */
function queryIn(link: string | undefined): string {
  const encoded = /\/q\/([^/]+)\//.exec(link ?? "")?.[1] ?? "";
  return gunzipSync(Buffer.from(decodeURIComponent(encoded), "base64")).toString();
}

function count(resources: readonly { readonly type: string }[], type: string): number {
  return resources.filter((resource) => resource.type === type).length;
}

/** Where the flow logs of the stack are. */
const flowLogArchive = {
  account: "bastiontraiflowsk3j9x2ab",
  blobEndpoint: "https://bastiontraiflowsk3j9x2ab.blob.core.windows.net",
  container: "insights-logs-flowlogflowevent",
  blobPrefix: "flowLogResourceID=/",
};

describe("the program", () => {
  it("puts out links, and the ids to go on with", async () => {
    const { result } = await run({ vms: threeMachines });
    const { links, ...others } = result as unknown as Record<string, unknown> & { links: Links };
    const bastion = idOf("bastion-host");
    const blobPrefix = `resourceId=${bastion.toUpperCase()}/`;
    const account = "bastiontrailtestk3j9x2ab";
    const place = { account, blobEndpoint: `https://${account}.blob.core.windows.net` };
    assert.deepEqual(others, {
      subscriptionId,
      tenantId,
      bastionHostId: bastion,
      virtualNetworkId: idOf("network-vnet"),
      bastionSubnetId: idOf("network-bastion-subnet"),
      archive: { ...place, container: "insights-logs-bastionauditlogs", blobPrefix },
      activityLogArchive: {
        ...place,
        container: "insights-activity-logs",
        blobPrefix: `resourceId=/SUBSCRIPTIONS/${subscriptionId}/`,
      },
      flowLogArchive,
      workspaceId: idOf("workspace-workspace"),
      workspaceCustomerId: "5a4e1b30-7c53-4b9c-9f0e-1d2c3b4a5f60",
      vms: ["web", "db", "desk"].map((name) => ({
        name,
        id: idOf(name),
        privateIp: "10.60.1.4",
        jitPolicyId: idOf(`${name}-jit`),
        nsgId: idOf(`${name}-nsg`),
      })),
      adminPasswords: { db: "Generated-1", desk: "Generated-1" },
    });
    assert.deepEqual(Object.keys(links), [
      "bastionHost",
      "auditLogQuery",
      "archiveContainer",
      "jitActivityQuery",
      "virtualMachines",
    ]);
    assert.equal(links.bastionHost, `${portal}#@${tenantId}/resource${bastion}`);
    assert.equal(queryIn(links.auditLogQuery), bastionSessionsQuery(bastion));
    assert.equal(queryIn(links.jitActivityQuery), accessActivityQuery(subscriptionId));
    for (const link of [links.auditLogQuery, links.jitActivityQuery]) {
      assert.ok(link?.includes(`/resourceId/${encodeURIComponent(idOf("workspace-workspace"))}/`));
    }
    assert.ok(
      links.archiveContainer?.endsWith(
        `${encodeURIComponent(idOf("archive-account"))}/path/insights-logs-bastionauditlogs`,
      ),
    );
    assert.deepEqual(links.virtualMachines, {
      web: `${portal}#@${tenantId}/resource${idOf("web")}`,
      db: `${portal}#@${tenantId}/resource${idOf("db")}`,
      desk: `${portal}#@${tenantId}/resource${idOf("desk")}`,
    });
  });

  it("keeps generated passwords a secret", async () => {
    await recordProgram(
      async () => {
        pulumi.runtime.setAllConfig({
          "bastion-trail:location": "westeurope",
          "bastion-trail:vms": JSON.stringify(threeMachines),
        });
        const { adminPasswords, vms, links } = await deploy();
        assert.ok(adminPasswords);
        const outputs: pulumi.Output<unknown>[] = [adminPasswords, vms, links];
        assert.deepEqual(await Promise.all(outputs.map((output) => pulumi.isSecret(output))), [true, false, false]);
      },
      {
        outputs: () => ({ result: "Generated-1", ipConfigurations: [] }),
        functions: {
          "azure-native:authorization:getClientConfig": () => ({
            subscriptionId,
            tenantId,
            clientId: "c",
            objectId: "o",
          }),
        },
      },
    );
  });

  it("lets JIT open ports to the Bastion subnet alone", async () => {
    const { resources } = await run({ vms: threeMachines, bastionSubnetPrefix: "10.60.9.0/26" });
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
    const { resources } = await run({ vms: threeMachines, defenderPlan: "manage" });
    const types = resources.map(({ type }) => type);
    const plan = types.indexOf("pulumi-nodejs:dynamic:Resource");
    assert.ok(plan >= 0 && plan < types.indexOf("azure-native:security:JitNetworkAccessPolicy"));
    const assumed = await run({ vms: threeMachines });
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
      links: Links;
    };
    assert.equal(archive.account, "centrallogs");
    assert.equal(workspaceId, `${hub}/Microsoft.OperationalInsights/workspaces/central`);
    assert.equal(links.bastionHost, `${portal}#@${tenantId}/resource${hub}/Microsoft.Network/bastionHosts/hub-bastion`);
    const policy = resources.find(({ name }) => name === "web-jit");
    assert.match(JSON.stringify(policy?.inputs.virtualMachines), /"allowedSourceAddressPrefix":"10\.0\.0\.0\/26"/);
  });

  it("puts a VM in the subnet that it names, and the others in the stack's", async () => {
    const subnetId = `${hub}/Microsoft.Network/virtualNetworks/spoke/subnets/machines`;
    const { resources } = await run({ vms: [{ ...threeMachines[0], subnetId }, threeMachines[1]] });
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
    assert.deepEqual(Object.keys((result as unknown as { links: Links }).links), [
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

  for (const [environment, host] of [
    ["usgovernment", "https://portal.azure.us/"],
    ["china", "https://portal.azure.cn/"],
  ] as const) {
    it(`links to the portal of its cloud: ${environment}`, async () => {
      const { result } = await run({ vms: threeMachines }, { environment });
      const { virtualMachines, ...links } = (result as unknown as { links: Links }).links;
      const all = [...Object.values(links as Record<string, string>), ...Object.values(virtualMachines)];
      assert.equal(all.length, 7);
      for (const link of all) assert.ok(link.startsWith(host), link);
    });
  }

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
    const { resources } = await run({ tags: { team: "blue" }, vms: threeMachines });
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
