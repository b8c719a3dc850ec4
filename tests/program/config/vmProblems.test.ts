import assert from "node:assert/strict";
import { existing, problemsOf } from "../../stackConfig.ts";

describe("the config refuses a VM", () => {
  it("with the name of another VM", () => {
    const vm = { login: "entraId" };
    assert.deepEqual(
      problemsOf({
        vms: [
          { name: "web", ...vm },
          { name: "db", ...vm },
          { name: "WEB", ...vm },
        ],
      }),
      ['vms[2].name is "WEB"; vms[0] already has this name'],
    );
  });

  it("whose network security group would have the name of the Bastion subnet's", () => {
    const named = (name: string, rest = {}) =>
      problemsOf({ namePrefix: "trail", vms: [{ name, login: "entraId" }], ...rest });
    assert.deepEqual(named("Trail-vnet-bastion"), [
      'vms[0].name is "Trail-vnet-bastion"; its network security group would be trail-vnet-bastion-nsg, which is that of AzureBastionSubnet; choose another name',
    ]);
    assert.deepEqual(named("trail-vnet"), []);
    assert.deepEqual(named("trail-vnet-bastion", { bastionSku: "Developer", audit: false }), []);
  });

  it("with ports that Bastion cannot connect to", () => {
    const vms = [{ name: "web", login: "entraId", jitPorts: [22, 8443] }];
    assert.deepEqual(problemsOf({ vms }), [
      "vms[0].jitPorts[1] is 8443; the SKU Basic connects only to ports 22 and 3389; other ports require Standard or Premium",
    ]);
    assert.deepEqual(problemsOf({ vms, bastionSku: "Standard" }), []);
  });

  it("with an invalid port, under that port's own key", () => {
    const vms = [{ name: "web", login: "entraId", jitPorts: [22, 70000] }];
    for (const bastionSku of ["Basic", "Standard"]) {
      assert.deepEqual(problemsOf({ bastionSku, vms }), [
        "vms[0].jitPorts[1] is 70000; must be a whole number from 1 to 65535",
      ]);
    }
    assert.deepEqual(problemsOf({ vms: [{ name: "web", login: "entraId", jitPorts: [8443, 8443] }] }), [
      "vms[0].jitPorts[1] is 8443; repeats jitPorts[0]",
      "vms[0].jitPorts[0] is 8443; the SKU Basic connects only to ports 22 and 3389; other ports require Standard or Premium",
    ]);
  });

  it("for which the VM subnet has no address", () => {
    const vm = (name: string) => ({ name, login: "entraId" });
    const room = (vmSubnetPrefix: string, ...vms: object[]) =>
      problemsOf({ addressSpace: ["10.0.0.0/24"], bastionSubnetPrefix: "10.0.0.0/26", vmSubnetPrefix, vms });
    const four = ["a", "b", "c", "d"].map(vm);
    assert.deepEqual(room("10.0.0.64/29", ...four), [
      'vmSubnetPrefix is "10.0.0.64/29"; has 3 usable addresses; the VMs need 4; Azure reserves 5 addresses of each subnet',
    ]);
    assert.deepEqual(room("10.0.0.64/29", ...four.slice(1)), []);
    assert.deepEqual(room("10.0.0.64/28", ...four), []);
    const twelve = Array.from({ length: 12 }, (_, index) => vm(`vm-${index}`));
    assert.deepEqual(room("10.0.0.64/28", ...twelve), [
      'vmSubnetPrefix is "10.0.0.64/28"; has 11 usable addresses; the VMs need 12; Azure reserves 5 addresses of each subnet',
    ]);
    assert.deepEqual(room("10.0.0.64/29", { ...vm("e"), subnetId: existing.existingVmSubnetId }, ...four.slice(1)), []);
  });

  it("in a subnet that cannot hold VMs", () => {
    const vms = [
      { name: "a", login: "entraId", subnetId: existing.existingBastionSubnetId },
      { name: "b", login: "entraId", subnetId: existing.existingVirtualNetworkId },
      { name: "c", login: "entraId", subnetId: "vms" },
    ];
    const reason = "must be the ARM id of a Microsoft.Network/virtualNetworks/subnets resource";
    assert.deepEqual(problemsOf({ vms }), [
      `vms[0].subnetId is "${existing.existingBastionSubnetId}"; AzureBastionSubnet is reserved for Azure Bastion`,
      `vms[1].subnetId is "${existing.existingVirtualNetworkId}"; ${reason}`,
      `vms[2].subnetId is "vms"; ${reason}`,
    ]);
  });

  it("in the VM subnet that the stack itself creates, by its id", () => {
    const network =
      "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/Trail/providers/Microsoft.Network/virtualNetworks/trail-vnet";
    const subnetId = `${network}/subnets/VMs`;
    const vm = { name: "web", login: "entraId" };
    const reason = "this stack itself creates the subnet of this id, and VMs are in it by default; remove the property";
    const refusal = [`vms[0].subnetId is "${subnetId}"; ${reason}`];
    assert.deepEqual(problemsOf({ namePrefix: "trail", vms: [{ ...vm, subnetId }] }), refusal);
    assert.deepEqual(problemsOf({ namePrefix: "trail", vms: [{ ...vm, subnetId: `${network}/subnets/others` }] }), []);
    assert.deepEqual(problemsOf({ namePrefix: "other", vms: [{ ...vm, subnetId }] }), []);
    const hub = existing.existingVirtualNetworkId;
    const inHub = { ...vm, subnetId: `${hub}/subnets/vms` };
    assert.deepEqual(problemsOf({ existingVirtualNetworkId: hub, vms: [inHub] }), [
      `vms[0].subnetId is "${inHub.subnetId}"; ${reason}`,
    ]);
    const existingVmSubnetId = inHub.subnetId;
    assert.deepEqual(problemsOf({ existingVirtualNetworkId: hub, existingVmSubnetId, vms: [inHub] }), []);
  });

  it("that a Developer host cannot reach", () => {
    const subnetId = existing.existingVmSubnetId;
    const developer = { bastionSku: "Developer", audit: false };
    const spoke = { ...developer, vms: [{ name: "a", login: "entraId", subnetId }] };
    assert.deepEqual(problemsOf(spoke), [
      `vms[0].subnetId is "${subnetId}"; must be a subnet of the new virtual network: the Developer SKU does not reach peered networks`,
    ]);
    const hub = existing.existingVirtualNetworkId;
    assert.deepEqual(problemsOf({ ...developer, existingVirtualNetworkId: hub, existingVmSubnetId: subnetId }), [
      `existingVmSubnetId is "${subnetId}"; must be a subnet of ${hub}: the Developer SKU does not reach peered networks`,
    ]);
    const near = `${hub.toUpperCase()}/subnets/vms`;
    assert.deepEqual(problemsOf({ ...developer, existingVirtualNetworkId: hub, existingVmSubnetId: near }), []);
  });

  it("with Entra ID login on Windows behind a recording host", () => {
    const vms = [
      { name: "web", login: "entraId" },
      { name: "desk", os: "windows", login: "entraId" },
    ];
    assert.deepEqual(problemsOf({ bastionSku: "Premium", sessionRecording: true, vms }), [
      'vms[1].login is "entraId"; not possible on windows while Bastion records sessions: its Entra ID login for RDP cannot be recorded',
    ]);
    assert.deepEqual(problemsOf({ bastionSku: "Premium", vms }), []);
  });

  it("for every problem of its own rules, by its position in the list", () => {
    const vms = [
      { name: "web", login: "entraId" },
      { name: "desk", os: "windows", login: "sshKey", size: "B2" },
    ];
    assert.deepEqual(problemsOf({ vms }), [
      'vms[1].size is "B2"; must be a size that supports generation 2 VMs, such as Standard_B2s_v2',
      'vms[1].login is "sshKey"; must be entraId or password on windows, which has no SSH key login',
    ]);
  });

  it("with unknown properties, without a name, or with values of a wrong type", () => {
    const members =
      "unknown property; a VM has name, os, size, image, zone, login, adminUsername, sshPublicKey, jitPorts, jitMaxDuration, subnetId";
    assert.deepEqual(
      problemsOf({
        vms: [
          { login: "entraId", colour: "red", Size: 1 },
          "web",
          ["web"],
          { name: "db", jitPorts: 22, zone: "4", os: "bsd" },
        ],
      }),
      [
        "vms[0].name is missing; required for every VM",
        `vms[0].colour is "red"; ${members}`,
        `vms[0].Size is 1; ${members.replace(";", " (did you mean size?);")}`,
        'vms[1] is "web"; must be an object, such as {name: web}',
        'vms[2] is ["web"]; must be an object, such as {name: web}',
        'vms[3].os is "bsd"; must be one of linux, windows',
        'vms[3].zone is "4"; must be one of "1", "2", "3"',
        "vms[3].jitPorts is 22; must be a list of ports, such as [22]",
      ],
    );
  });
});
