import assert from "node:assert/strict";
import { activeSessions } from "../../../cli/azure/activeSessions.ts";
import { disconnectSessions } from "../../../cli/azure/disconnectSessions.ts";
import { listJitPolicies } from "../../../cli/azure/jitPolicies.ts";
import { initiateJit } from "../../../cli/azure/jitRequests.ts";
import { readSecurityGroup } from "../../../cli/azure/networkInventory.ts";
import { hasEntraLogin, readVirtualMachine } from "../../../cli/azure/virtualMachine.ts";
import { readVmNetwork } from "../../../cli/azure/vmNetwork.ts";
import { FakeArm } from "./fakeArm.ts";
import { forSuite } from "../../held.ts";

const group = "/subscriptions/s/resourceGroups/g/providers";
const bastion = `${group}/Microsoft.Network/bastionHosts/bas`;
const vm = `${group}/Microsoft.Compute/virtualMachines/web`;

describe("calls to Azure", () => {
  const arm = forSuite(() => FakeArm.start());
  const seen = () => arm.requests.map(({ method, target }) => `${method} ${target}`);

  it("live sessions: what the API returns, oldest first", async () => {
    const session = {
      sessionId: "b",
      startTime: "2026-05-04T10:00:00.1234567Z",
      targetSubscriptionId: "s",
      resourceType: "VM",
      targetHostName: "web",
      targetResourceGroup: "g",
      userName: "azureuser",
      targetIpAddress: "10.0.1.4",
      protocol: "SSH",
      targetResourceId: vm,
      sessionDurationInMins: 5,
    };
    arm.reply({
      body: { value: [session, { sessionId: "a", startTime: "2026-05-04T09:00:00Z", targetResourceId: vm }] },
    });
    assert.deepEqual(await activeSessions(arm.client(), bastion), [
      {
        sessionId: "a",
        start: "2026-05-04T09:00:00.000Z",
        vm,
        vmName: "web",
        vmIp: null,
        protocol: null,
        account: null,
      },
      {
        sessionId: "b",
        start: "2026-05-04T10:00:00.123Z",
        vm,
        vmName: "web",
        vmIp: "10.0.1.4",
        protocol: "ssh",
        account: "azureuser",
      },
    ]);
    assert.deepEqual(seen(), [`POST ${bastion}/getActiveSessions?api-version=2024-05-01`]);
  });

  it("live sessions: a start counted back from the duration where none can be read", async () => {
    const Date_ = new Date(Date.now() + 3_600_000).toUTCString();
    arm.reply({
      body: { value: [{ sessionId: "a", startTime: 12, sessionDurationInMins: 30 }] },
      headers: { Date: Date_ },
    });
    const [session] = await activeSessions(arm.client(), bastion);
    assert.ok(Math.abs(Date.parse(session!.start) - (Date.parse(Date_) - 1_800_000)) < 2000, session!.start);
  });

  it("live sessions: one of impossible duration does not hide the others", async () => {
    const odd = { sessionId: "odd", startTime: "never", sessionDurationInMins: 1e300 };
    arm.reply({ body: { value: [odd, { sessionId: "a", startTime: "2026-05-04T09:00:00Z" }] } });
    const sessions = await activeSessions(arm.client(), bastion);
    assert.deepEqual(
      sessions.map(({ sessionId }) => sessionId),
      ["a", "odd"],
    );
  });

  it("an answer of another form is named, not guessed", async () => {
    arm.reply({ body: { value: [{ id: "a" }] } });
    await assert.rejects(activeSessions(arm.client(), bastion), {
      message: "Azure's answer for a live session, a, has an unexpected form (sessionId).",
    });
  });

  it("disconnecting: one outcome for each session that was asked for, in that order", async () => {
    const value = [
      { sessionId: "C", state: "NotFound", message: "none" },
      { sessionId: "a", state: "Disconnected", message: null },
      { sessionId: "b", state: "Failed", message: "busy" },
    ];
    arm.reply({ body: { value } });
    assert.deepEqual(await disconnectSessions(arm.client(), bastion, ["a", "b", "c", "d"], "c-1"), [
      { sessionId: "a", outcome: "disconnected", message: null },
      { sessionId: "b", outcome: "failed", message: "busy" },
      { sessionId: "c", outcome: "gone", message: "none" },
      { sessionId: "d", outcome: "failed", message: "Azure's answer does not mention the session." },
    ]);
    assert.deepEqual(arm.requests[0]!.body, { sessionIds: ["a", "b", "c", "d"] });
    assert.equal(arm.requests[0]!.headers["x-ms-correlation-request-id"], "c-1");
  });

  it("JIT policies: the example of Microsoft's REST reference", async () => {
    // Defender for Cloud, "Jit Network Access Policies - List".
    const example = {
      id: `${group}/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default`,
      kind: "Basic",
      location: "westeurope",
      name: "default",
      properties: {
        provisioningState: "Succeeded",
        requests: [
          {
            requestor: "barbara@contoso.com",
            startTimeUtc: "2018-05-17T08:06:45.5691611Z",
            virtualMachines: [
              {
                id: vm,
                ports: [
                  {
                    allowedSourceAddressPrefix: "192.127.0.2",
                    endTimeUtc: "2018-05-17T09:06:45.5691611Z",
                    number: 3389,
                    status: "Initiated",
                    statusReason: "UserRequested",
                  },
                ],
              },
            ],
          },
        ],
        virtualMachines: [
          {
            id: vm,
            ports: [
              { allowedSourceAddressPrefix: "*", maxRequestAccessDuration: "PT3H", number: 22, protocol: "*" },
              { allowedSourceAddressPrefix: "*", maxRequestAccessDuration: "PT3H", number: 3389, protocol: "*" },
            ],
          },
        ],
      },
      type: "Microsoft.Security/locations/jitNetworkAccessPolicies",
    };
    arm.reply({ body: { value: [example] } });
    assert.deepEqual(await listJitPolicies(arm.client(), "s"), [
      {
        id: example.id,
        name: "default",
        vms: [
          {
            id: vm,
            name: "web",
            ports: [
              { number: 22, protocol: "*", sources: ["*"], longestSeconds: 10_800 },
              { number: 3389, protocol: "*", sources: ["*"], longestSeconds: 10_800 },
            ],
          },
        ],
        requests: [
          {
            start: "2018-05-17T08:06:45.5691611Z",
            requestor: "barbara@contoso.com",
            justification: null,
            ports: [
              {
                vm,
                port: 3389,
                source: "192.127.0.2",
                end: "2018-05-17T09:06:45.5691611Z",
                status: "Initiated",
                statusReason: "UserRequested",
              },
            ],
          },
        ],
      },
    ]);
    assert.deepEqual(seen(), [
      "GET /subscriptions/s/providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01",
    ]);
  });

  it("a JIT request names the source, and the correlation id of its events", async () => {
    arm.reply({ status: 202, body: {} });
    const end = new Date("2026-05-04T11:00:00Z");
    const ports = [{ number: 22, source: "10.0.0.0/26", end }];
    await initiateJit(arm.client(), "/policy", { vm, ports, justification: "why" }, "c-9");
    assert.equal(arm.requests[0]!.headers["x-ms-correlation-request-id"], "c-9");
    assert.deepEqual(seen(), ["POST /policy/initiate?api-version=2020-01-01"]);
    assert.deepEqual(arm.requests[0]!.body, {
      virtualMachines: [
        {
          id: vm,
          ports: [{ number: 22, allowedSourceAddressPrefix: "10.0.0.0/26", endTimeUtc: "2026-05-04T11:00:00.000Z" }],
        },
      ],
      justification: "why",
    });
  });

  it("a VM: its system, its administrator, the interface that counts and whether it runs", async () => {
    const networkInterfaces = [{ id: "/nic0" }, { id: "/nic1", properties: { primary: true } }];
    const osProfile = { adminUsername: "root2", linuxConfiguration: { disablePasswordAuthentication: true } };
    const instanceView = {
      statuses: [{ code: "ProvisioningState/succeeded" }, {}, { code: "PowerState/deallocated" }],
    };
    const networkProfile = { networkInterfaces };
    const properties = { provisioningState: "Updating", osProfile, networkProfile, instanceView };
    arm.reply(
      { body: { id: vm, name: "web", properties } },
      { body: { id: vm, name: "win", properties: { storageProfile: { osDisk: { osType: "Windows" } } } } },
    );
    const read = async () => await readVirtualMachine(arm.client(), vm);
    assert.deepEqual(await read(), {
      id: vm,
      name: "web",
      os: "linux",
      adminUsername: "root2",
      keysOnly: true,
      primaryNicId: "/nic1",
      power: "deallocated",
      state: "updating",
    });
    assert.deepEqual(await read(), {
      id: vm,
      name: "win",
      os: "windows",
      adminUsername: null,
      keysOnly: false,
      primaryNicId: null,
      power: null,
      state: null,
    });
  });

  it("a VM's extensions tell whether people log in with their Entra account", async () => {
    const extension = (type: string) => ({ properties: { publisher: "Microsoft.Azure.ActiveDirectory", type } });
    arm.reply(
      { body: { value: [extension("AzureMonitorLinuxAgent"), extension("AADSSHLoginForLinux")] } },
      { body: { value: [extension("AzureMonitorLinuxAgent")] } },
    );
    assert.equal(await hasEntraLogin(arm.client(), vm), true);
    assert.equal(await hasEntraLogin(arm.client(), vm), false);
  });

  it("a VM's network: its private address, and the groups of its interface and of its subnet", async () => {
    const nic = (nsg: object) => ({
      properties: {
        ...nsg,
        ipConfigurations: [
          {
            properties: {
              primary: true,
              privateIPAddress: "10.0.1.4",
              subnet: { id: "/subnet" },
              applicationSecurityGroups: [{ id: "/asg" }],
            },
          },
        ],
      },
    });
    const body = { id: vm, name: "web", properties: { networkProfile: { networkInterfaces: [{ id: "/nic" }] } } };
    arm.reply(
      { body },
      { body: nic({ networkSecurityGroup: { id: "/nsg1" } }) },
      { body: { id: "/subnet", properties: { addressPrefix: "10.0.1.0/24", networkSecurityGroup: { id: "/nsg2" } } } },
    );
    assert.deepEqual(await readVmNetwork(arm.client(), vm), {
      privateIp: "10.0.1.4",
      asgIds: ["/asg"],
      nsgIds: ["/nsg1", "/nsg2"],
    });
    arm.reply({ body: { id: vm, name: "web", properties: {} } });
    await assert.rejects(readVmNetwork(arm.client(), vm), {
      message: "The virtual machine 'web' has no network interface with a private address.",
    });
  });

  it("a network security group's rules, with one value or several", async () => {
    const properties = { access: "Allow", direction: "Inbound", priority: 100, protocol: "Tcp" };
    const one = {
      sourcePortRange: "*",
      sourceAddressPrefix: "10.0.0.0/26",
      destinationAddressPrefix: "10.0.1.4",
      destinationPortRange: "22",
    };
    const several = {
      sourcePortRanges: ["1024-2047", "3072-4095"],
      sourceAddressPrefixes: ["10.0.0.0/26", "10.1.0.0/26"],
      destinationAddressPrefixes: ["10.0.1.4"],
      destinationApplicationSecurityGroups: [{ id: "/asg" }],
      destinationPortRanges: ["22", "3389"],
    };
    arm.reply({
      body: {
        id: "/nsg",
        name: "nsg",
        properties: {
          securityRules: [
            { name: "a", etag: "1", properties: { ...properties, ...one, sourceAddressPrefixes: [] } },
            { name: "b", properties: { ...properties, access: "Deny", direction: "Outbound", ...several } },
          ],
        },
      },
    });
    assert.deepEqual((await readSecurityGroup(arm.client(), "/nsg")).rules, [
      {
        id: "/nsg/securityRules/a",
        name: "a",
        etag: "1",
        access: "allow",
        direction: "inbound",
        priority: 100,
        protocol: "tcp",
        sources: ["10.0.0.0/26"],
        destinations: ["10.0.1.4"],
        ports: ["22"],
        sourcePorts: ["*"],
      },
      {
        id: "/nsg/securityRules/b",
        name: "b",
        etag: null,
        access: "deny",
        direction: "outbound",
        priority: 100,
        protocol: "tcp",
        sources: ["10.0.0.0/26", "10.1.0.0/26"],
        destinations: ["10.0.1.4", "/asg"],
        ports: ["22", "3389"],
        sourcePorts: ["1024-2047", "3072-4095"],
      },
    ]);
  });
});
