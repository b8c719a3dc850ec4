import assert from "node:assert/strict";
import { listBastionHosts, readBastionHost, readRecordingContainer } from "../../../cli/azure/bastionHosts.ts";
import { readServersPlan } from "../../../cli/azure/defenderPlan.ts";
import { listDiagnosticSettings } from "../../../cli/azure/diagnosticSettings.ts";
import { readWorkspace } from "../../../cli/azure/logAnalyticsWorkspace.ts";
import { listNetworkInterfaces, listSecurityGroups, readSecurityGroup } from "../../../cli/azure/networkInventory.ts";
import { listSubnets } from "../../../cli/azure/subnets.ts";
import { isAllowed, listPermissions, type Permission } from "../../../cli/azure/permissions.ts";
import { registrationState } from "../../../cli/azure/resourceProviders.ts";
import { listStorageAccounts, readImmutability, readStorageAccount } from "../../../cli/azure/storageAccount.ts";
import { listVirtualMachines } from "../../../cli/azure/virtualMachine.ts";
import { FakeArm } from "./fakeArm.ts";
import { forSuite } from "../../held.ts";

describe("reads, for a check of", () => {
  const arm = forSuite(() => FakeArm.start());

  /** What one read asks for. */
  const asked = () => arm.requests.map(({ method, target }) => `${method} ${target}`);

  it("a resource provider: its state", async () => {
    arm.reply({ body: { namespace: "Microsoft.Network", registrationState: "Registered", resourceTypes: [] } });
    assert.equal(await registrationState(arm.client(), "s", "Microsoft.Network"), "Registered");
    assert.deepEqual(asked(), ["GET /subscriptions/s/providers/Microsoft.Network?api-version=2021-04-01"]);
  });

  it("the Defender plan", async () => {
    arm.reply(
      { body: { properties: { pricingTier: "Standard", subPlan: "P2" } } },
      { body: { properties: { pricingTier: "Free" } } },
    );
    assert.deepEqual(await readServersPlan(arm.client(), "s"), { tier: "Standard", subPlan: "P2" });
    assert.deepEqual(await readServersPlan(arm.client(), "s"), { tier: "Free", subPlan: null });
    arm.reply({ body: { properties: {} } });
    await assert.rejects(readServersPlan(arm.client(), "s"), {
      message: "Azure's answer for the Defender plan has an unexpected form (properties.pricingTier).",
    });
  });

  it("Bastion hosts, by name, with the defaults of what Azure leaves out, and regions in one form", async () => {
    const old = { id: "/b", name: "b", location: "West Europe", properties: {} };
    const full = {
      id: "/a",
      name: "a",
      location: "westeurope",
      sku: { name: "Standard" },
      properties: {
        ...{ provisioningState: "Failed", scaleUnits: 4, enableTunneling: true, enableSessionRecording: true },
        ipConfigurations: [{ properties: { subnet: { id: "/subnet" }, publicIPAddress: { id: "/ip" } } }],
      },
    };
    arm.reply({ body: { value: [old, full] } }, { body: old });
    const b = {
      id: "/b",
      name: "b",
      location: "westeurope",
      sku: "Basic",
      scaleUnits: 2,
      state: "Succeeded",
      tunneling: false,
      recordsSessions: false,
      subnetId: null,
      publicIpId: null,
    };
    assert.deepEqual(await listBastionHosts(arm.client(), "s"), [
      {
        id: "/a",
        name: "a",
        location: "westeurope",
        sku: "Standard",
        scaleUnits: 4,
        state: "Failed",
        tunneling: true,
        recordsSessions: true,
        subnetId: "/subnet",
        publicIpId: "/ip",
      },
      b,
    ]);
    assert.deepEqual(await readBastionHost(arm.client(), "/b"), b);
  });

  it("the container that a Bastion host records to, which old answers lack", async () => {
    const blobContainerUri = "https://logs.blob.core.windows.net/recordings";
    arm.reply({ body: { properties: { sessionRecordingConfiguration: { blobContainerUri } } } });
    assert.equal(await readRecordingContainer(arm.client(), "/b"), blobContainerUri);
    arm.reply({ body: { properties: {} } });
    assert.equal(await readRecordingContainer(arm.client(), "/b"), null);
  });

  it("diagnostic settings: what is switched on, by category or group", async () => {
    const logs = [
      { category: "BastionAuditLogs", enabled: true },
      { categoryGroup: "audit", enabled: false },
      { categoryGroup: "allLogs", enabled: true },
    ];
    arm.reply({
      body: {
        value: [
          { id: "/1", name: "one", properties: { storageAccountId: "/st", logs, logAnalyticsDestinationType: null } },
          { id: "/2", name: "two", properties: { workspaceId: "/law", logAnalyticsDestinationType: "Dedicated" } },
        ],
      },
    });
    const nothing = { storageAccountId: null, workspaceId: null, destinationType: null, enabled: [] };
    assert.deepEqual(await listDiagnosticSettings(arm.client(), "/host"), [
      { ...nothing, id: "/1", name: "one", storageAccountId: "/st", enabled: ["bastionauditlogs", "alllogs"] },
      { ...nothing, id: "/2", name: "two", workspaceId: "/law", destinationType: "Dedicated" },
    ]);
  });

  it("storage accounts, and whether Azure Monitor gets through their firewall", async () => {
    const account = (networkAcls: object | null) => ({
      id: "/st",
      name: "st",
      location: "West Europe",
      properties: { primaryEndpoints: { blob: "https://st.blob.core.windows.net/" }, networkAcls },
    });
    const letsIn = async (networkAcls: object | null) => {
      arm.reply({ body: account(networkAcls) });
      return (await readStorageAccount(arm.client(), "/st")).letsServicesIn;
    };
    assert.equal(await letsIn(null), true);
    assert.equal(await letsIn({ defaultAction: "Allow", bypass: "None" }), true);
    assert.equal(await letsIn({ defaultAction: "Deny", bypass: "Logging, AzureServices" }), true);
    assert.equal(await letsIn({ defaultAction: "Deny", bypass: "None" }), false);
    arm.reply({ body: { value: [account(null)] } });
    assert.deepEqual(await listStorageAccounts(arm.client(), "s"), [
      {
        id: "/st",
        name: "st",
        location: "westeurope",
        blobEndpoint: "https://st.blob.core.windows.net",
        letsServicesIn: true,
      },
    ]);
  });

  it("a container's immutability policy", async () => {
    const policy = { state: "Locked", immutabilityPeriodSinceCreationInDays: 30, allowProtectedAppendWritesAll: true };
    arm.reply(
      { body: { properties: { immutabilityPolicy: { properties: policy } } } },
      { body: { properties: { immutabilityPolicy: { properties: { state: "Unlocked" } } } } },
      { body: { properties: { hasImmutabilityPolicy: false } } },
    );
    const read = () => readImmutability(arm.client(), "/st", "logs");
    assert.deepEqual(await read(), { state: "Locked", days: 30, allowsAppends: true });
    assert.deepEqual(await read(), { state: "Unlocked", days: 0, allowsAppends: false });
    assert.equal(await read(), null);
    assert.match(asked()[0]!, /^GET \/st\/blobServices\/default\/containers\/logs\?/);
  });

  it("a workspace: what queries address it by", async () => {
    arm.reply({ body: { id: "/law", name: "law", properties: { customerId: "c" } } });
    assert.deepEqual(await readWorkspace(arm.client(), "/law"), { id: "/law", name: "law", customerId: "c" });
  });

  it("VMs, as a list shows them", async () => {
    arm.reply({ body: { value: [{ id: "/vm", name: "vm", location: "westeurope", properties: {} }] } });
    assert.deepEqual(await listVirtualMachines(arm.client(), "s"), [{ id: "/vm", name: "vm", location: "westeurope" }]);
  });

  it("network interfaces with all their addresses, page by page", async () => {
    const address = (ip: string | null, more = {}) => ({ name: "ip", properties: { privateIPAddress: ip, ...more } });
    const nic = (id: string, properties: object) => ({ id, name: id.slice(1), properties });
    const full = {
      subnet: { id: "/subnet" },
      publicIPAddress: { id: "/pip" },
      applicationSecurityGroups: [{ id: "/asg" }],
    };
    arm.reply(
      {
        body: {
          value: [
            nic("/a", {
              virtualMachine: { id: "/vm" },
              networkSecurityGroup: { id: "/nsg" },
              ipConfigurations: [address("10.0.0.4", full), address(null)],
            }),
          ],
          nextLink: `${arm.endpoint}/next`,
        },
      },
      { body: { value: [nic("/b", {})] } },
    );
    assert.deepEqual(await listNetworkInterfaces(arm.client(), "s"), [
      {
        id: "/a",
        name: "a",
        vmId: "/vm",
        nsgId: "/nsg",
        addresses: [
          { configName: "ip", privateIp: "10.0.0.4", subnetId: "/subnet", publicIpId: "/pip", asgIds: ["/asg"] },
        ],
      },
      { id: "/b", name: "b", vmId: null, nsgId: null, addresses: [] },
    ]);
  });

  it("subnets of all networks", async () => {
    const subnets = [
      { id: "/1", properties: { addressPrefix: "10.0.0.0/24", networkSecurityGroup: { id: "/nsg" } } },
      { id: "/2", properties: { addressPrefixes: ["10.0.1.0/24", "10.0.2.0/24"] } },
    ];
    arm.reply({
      body: {
        value: [
          { id: "/net", properties: { subnets } },
          { id: "/empty", properties: {} },
        ],
      },
    });
    assert.deepEqual(await listSubnets(arm.client(), "s"), [
      { id: "/1", prefixes: ["10.0.0.0/24"], nsgId: "/nsg" },
      { id: "/2", prefixes: ["10.0.1.0/24", "10.0.2.0/24"], nsgId: null },
    ]);
  });

  it("network security groups: their own rules and Azure's, in their order", async () => {
    const rule = (name: string, priority: number) => ({
      name,
      properties: { access: "Deny", direction: "Inbound", protocol: "*", priority },
    });
    const body = {
      id: "/nsg",
      name: "nsg",
      properties: {
        securityRules: [rule("late", 4000), rule("early", 100)],
        defaultSecurityRules: [rule("AllowVnetInBound", 65_000)],
      },
    };
    const names = (group: { rules: readonly { name: string }[] } | undefined) => group?.rules.map(({ name }) => name);
    arm.reply({ body: { value: [body] } });
    assert.deepEqual(names((await listSecurityGroups(arm.client(), "s"))[0]), ["early", "late", "AllowVnetInBound"]);
    arm.reply({ body });
    assert.deepEqual(names(await readSecurityGroup(arm.client(), "/nsg")), ["early", "late", "AllowVnetInBound"]);
  });

  it("what the caller may do", async () => {
    arm.reply({ body: { value: [{ actions: ["*/read"], notActions: null }] } });
    const [permission] = await listPermissions(arm.client(), "/subscriptions/s/resourceGroups/rg");
    assert.deepEqual(permission?.actions, ["*/read"]);
    assert.equal(isAllowed([permission], { name: "Microsoft.Network/bastionHosts/read", data: false }), true);
    assert.deepEqual(asked(), [
      "GET /subscriptions/s/resourceGroups/rg/providers/Microsoft.Authorization/permissions?api-version=2022-04-01",
    ]);
  });
});

describe("a permission", () => {
  const none: Permission = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
  const allows = (more: Partial<Permission>, name: string, data = false) =>
    isAllowed([{ ...none, ...more }], { name, data });

  it("has patterns in which * stands for any text, in any case", () => {
    assert.ok(allows({ actions: ["*"] }, "Microsoft.Network/bastionHosts/read"));
    assert.ok(allows({ actions: ["*/read"] }, "Microsoft.Network/bastionHosts/read"));
    assert.ok(allows({ actions: ["microsoft.network/*/READ"] }, "Microsoft.Network/a/b/read"));
    assert.ok(allows({ actions: ["Microsoft.Network/*"] }, "Microsoft.Network/networkInterfaces/*/read"));
    assert.ok(!allows({ actions: ["*/read"] }, "Microsoft.Network/bastionHosts/write"));
    assert.ok(!allows({ actions: ["MicrosoftXNetwork/*"] }, "Microsoft.Network/a"));
    assert.ok(!allows({ actions: ["Microsoft.Network"] }, "Microsoft.Network/a"));
  });

  it("leaves out what it says it leaves out", () => {
    const role = { actions: ["*"], notActions: ["Microsoft.Authorization/*/Write"] };
    assert.ok(!allows(role, "Microsoft.Authorization/locks/write"));
    assert.ok(allows(role, "Microsoft.Authorization/locks/read"));
  });

  it("is one thing for what is in a resource, and another for the resource", () => {
    const blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
    assert.ok(!allows({ actions: ["*"] }, blobs, true));
    assert.ok(allows({ dataActions: ["*"] }, blobs, true));
    assert.ok(!allows({ dataActions: ["*"] }, blobs));
    assert.ok(!allows({ dataActions: ["*"], notDataActions: ["*/blobs/read"] }, blobs, true));
  });
});
