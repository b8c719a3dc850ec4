import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { effectiveRoutes } from "../../../../../sandbox/arm/types/network/effectiveRoutes.ts";
import { effectiveSecurityGroups } from "../../../../../sandbox/arm/types/network/effectiveRules.ts";
import { isGuid, network, nicBody, textOf, withoutEtag } from "../cloud.ts";
import { startVmCloud, ed25519, linuxProfile, vmBodies, nic, ubuntu, vm } from "./vmBodies.ts";
import { forEachTest } from "../../../../held.ts";

describe("Microsoft.Compute/virtualMachines", () => {
  const cloud = forEachTest(startVmCloud);
  const bodies = vmBodies(cloud);

  it("shows what Azure adds, and never its password or custom data", async () => {
    const osProfile = linuxProfile({ adminPassword: "Correct-horse-1", customData: "I2Nsb3VkLWNvbmZpZw==" });
    const body = await cloud.put(vm, bodies.vm({ osProfile }, { zones: ["1"] }));
    const { vmId, timeCreated, ...properties } = body.properties as JsonObject;
    assert.ok(isGuid(vmId));
    assert.match(textOf(timeCreated), /^\d{4}-\d\d-\d\dT/);
    assert.ok(isGuid((body.identity as JsonObject).principalId));
    assert.deepEqual(body.zones, ["1"]);
    assert.deepEqual(properties, {
      provisioningState: "Succeeded",
      hardwareProfile: { vmSize: "Standard_B2s" },
      securityProfile: { securityType: "TrustedLaunch", uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } },
      networkProfile: {
        networkInterfaces: [{ id: cloud.id(nic), properties: { primary: true, deleteOption: "Detach" } }],
      },
      storageProfile: {
        diskControllerType: "SCSI",
        imageReference: { ...ubuntu, exactVersion: "1.0.0" },
        osDisk: {
          osType: "Linux",
          name: "vm-os",
          caching: "ReadWrite",
          createOption: "FromImage",
          deleteOption: "Delete",
          diskSizeGB: 30,
          managedDisk: { storageAccountType: "Premium_LRS", id: cloud.id("Microsoft.Compute/disks/vm-os") },
        },
        dataDisks: [],
      },
      osProfile: {
        computerName: "vm",
        adminUsername: "operator",
        secrets: [],
        allowExtensionOperations: true,
        requireGuestProvisionSignal: true,
        linuxConfiguration: {
          disablePasswordAuthentication: true,
          provisionVMAgent: true,
          patchSettings: { patchMode: "ImageDefault", assessmentMode: "ImageDefault" },
          ssh: { publicKeys: [{ path: "/home/operator/.ssh/authorized_keys", keyData: ed25519 }] },
        },
      },
    });
  });

  it("marks its network interface and its disk, which cannot be deleted before it", async () => {
    await cloud.put(vm, bodies.vm());
    const { virtualMachine, primary, macAddress } = (await cloud.get(nic)).properties as JsonObject;
    assert.deepEqual({ virtualMachine, primary }, { virtualMachine: { id: cloud.id(vm) }, primary: true });
    assert.match(textOf(macAddress), /^00-0D-3A(-[0-9A-F]{2}){3}$/);
    assert.equal(
      await cloud.refusal("DELETE", nic),
      `400 NicInUse: Network Interface ${cloud.id(nic)} is used by existing resource ${cloud.id(vm)}. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`,
    );
    const disk = "Microsoft.Compute/disks/vm-os";
    assert.equal((await cloud.get(disk)).managedBy, cloud.id(vm));
    assert.equal(
      await cloud.refusal("DELETE", disk),
      `409 OperationNotAllowed: Disk vm-os is attached to VM ${cloud.id(vm)}.`,
    );
  });

  it("takes with it what has the delete option Delete, and sets the rest free", async () => {
    await cloud.put(vm, bodies.vm());
    await cloud.delete(vm);
    assert.equal((await cloud.send("GET", "Microsoft.Compute/disks/vm-os")).status, 404);
    const { virtualMachine, macAddress } = (await cloud.get(nic)).properties as JsonObject;
    assert.deepEqual({ virtualMachine, macAddress }, { virtualMachine: undefined, macAddress: undefined });
    const networkInterfaces = [{ id: cloud.id(nic), properties: { deleteOption: "Delete" } }];
    const storageProfile = { imageReference: ubuntu, osDisk: { createOption: "FromImage" } };
    const body = await cloud.put(vm, bodies.vm({ networkProfile: { networkInterfaces }, storageProfile }));
    const { osDisk } = (body.properties as JsonObject).storageProfile as { osDisk: JsonObject };
    assert.match(textOf(osDisk.name), /^vm_OsDisk_1_[0-9a-f]{32}$/);
    await cloud.delete(vm);
    assert.equal((await cloud.send("GET", nic)).status, 404);
    const left = await cloud.get(`Microsoft.Compute/disks/${textOf(osDisk.name)}`);
    assert.deepEqual([left.managedBy, (left.properties as JsonObject).diskState], [undefined, "Unattached"]);
  });

  it("does not take a network interface of another VM, or one that is not there", async () => {
    await cloud.put(vm, bodies.vm());
    assert.equal((await cloud.refused("PUT", `${vm}2`, bodies.vm())).code, "NicInUse");
    const missing = cloud.id(`${nic}2`);
    const networkProfile = { networkInterfaces: [{ id: missing }] };
    assert.equal(
      await cloud.refusal("PUT", `${vm}2`, bodies.vm({ networkProfile })),
      `400 InvalidResourceReference: Resource ${missing} referenced by resource ${cloud.id(`${vm}2`)} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    );
  });

  const changes: [path: string, properties: () => JsonObject][] = [
    ["osProfile.adminUsername", () => ({ osProfile: linuxProfile({ adminUsername: "other" }) })],
    ["osProfile.adminPassword", () => ({ osProfile: linuxProfile({ adminPassword: "Other-horse-2" }) })],
    ["osProfile.computerName", () => ({ osProfile: linuxProfile({ computerName: "other" }) })],
    [
      "storageProfile.imageReference.sku",
      () => ({
        storageProfile: { imageReference: { ...ubuntu, sku: "minimal" }, osDisk: { createOption: "FromImage" } },
      }),
    ],
  ];
  for (const [path, properties] of changes) {
    it(`never changes ${path}`, async () => {
      await cloud.put(vm, bodies.vm({ osProfile: linuxProfile({ adminPassword: "Correct-horse-1" }) }));
      assert.equal(
        await cloud.refusal("PUT", vm, bodies.vm(properties())),
        `409 PropertyChangeNotAllowed: Changing property '${path}' is not allowed.`,
      );
    });
  }

  it("stays as it is on the same PUT, with or without its password, and never leaves its zone", async () => {
    const withPassword = bodies.vm({ osProfile: linuxProfile({ adminPassword: "Correct-horse-1" }) }, { zones: ["1"] });
    const first = await cloud.put(vm, withPassword);
    const before = withoutEtag(first);
    const again = withoutEtag(await cloud.put(vm, withPassword));
    assert.deepEqual(again, before);
    const without = withoutEtag(await cloud.put(vm, bodies.vm({}, { zones: ["1"] })));
    assert.deepEqual(without, before);
    await cloud.patch(vm, { tags: { team: "access" } });
    assert.equal(
      await cloud.refusal("PUT", vm, bodies.vm({}, { zones: ["2"] })),
      "409 PropertyChangeNotAllowed: Changing property 'zones' is not allowed.",
    );
  });

  it("attaches, makes and lets go of data disks", async () => {
    const own = "Microsoft.Compute/disks/own";
    await cloud.put(own, {
      location: "westeurope",
      properties: { creationData: { createOption: "Empty" }, diskSizeGB: 8 },
    });
    const storage = (dataDisks: JsonObject[]): JsonObject => ({
      storageProfile: { imageReference: ubuntu, osDisk: { name: "vm-os", createOption: "FromImage" }, dataDisks },
    });
    const both: JsonObject[] = [
      { lun: 0, createOption: "Attach", managedDisk: { id: cloud.id(own) } },
      { lun: 1, name: "made", createOption: "Empty", diskSizeGB: 4 },
    ];
    await cloud.put(vm, bodies.vm(storage(both)));
    for (const disk of ["own", "made"]) {
      assert.equal((await cloud.get(`Microsoft.Compute/disks/${disk}`)).managedBy, cloud.id(vm));
    }
    await cloud.put(`${nic}2`, nicBody(cloud));
    const other = {
      ...storage([{ lun: 0, createOption: "Attach", managedDisk: { id: cloud.id(own) } }]),
      networkProfile: { networkInterfaces: [{ id: cloud.id(`${nic}2`) }] },
    };
    assert.equal(
      await cloud.refusal("PUT", `${vm}2`, bodies.vm(other)),
      `409 ConflictingUserInput: Disk 'own' cannot be attached as the disk is already owned by VM '${cloud.id(vm)}'.`,
    );
    await cloud.put(vm, bodies.vm(storage([])));
    const { managedBy, properties } = await cloud.get(own);
    assert.deepEqual([managedBy, (properties as JsonObject).diskState], [undefined, "Unattached"]);
  });

  it("shows the routes of its network interface: the network's own ranges, the internet, and the private ranges that go nowhere", async () => {
    const read = `${nic}/effectiveRouteTable?api-version=2024-05-01`;
    assert.equal(
      await cloud.refusal("POST", read),
      `400 NicMustBeAttachedToRunningVm: Network interface ${cloud.id(nic)} must be attached to a running virtual machine to get its effective route table.`,
    );
    const { properties } = await cloud.get(network);
    const addressSpace = { addressPrefixes: ["10.0.0.0/16", "192.168.0.0/16"] };
    await cloud.put(network, { location: "westeurope", properties: { ...(properties as JsonObject), addressSpace } });
    await cloud.put(vm, bodies.vm());
    assert.equal((await cloud.send("POST", read)).status, 202);
    const { value } = effectiveRoutes(cloud.plane.store, cloud.plane.store.get(cloud.id(nic))!);
    assert.deepEqual((value as JsonObject[])[0], {
      name: null,
      source: "Default",
      state: "Active",
      addressPrefix: ["10.0.0.0/16"],
      nextHopType: "VnetLocal",
      nextHopIpAddress: [],
      disableBgpRoutePropagation: false,
    });
    assert.deepEqual(
      (value as JsonObject[]).map(({ addressPrefix, nextHopType }) => [...(addressPrefix as string[]), nextHopType]),
      [
        ["10.0.0.0/16", "VnetLocal"],
        ["192.168.0.0/16", "VnetLocal"],
        ["0.0.0.0/0", "Internet"],
        ["10.0.0.0/8", "None"],
        ["100.64.0.0/10", "None"],
        ["172.16.0.0/12", "None"],
      ],
    );
  });

  it("shows the effective rules of its network interface", async () => {
    const nsg = "Microsoft.Network/networkSecurityGroups/nsg";
    await cloud.put(nsg, { location: "westeurope", properties: {} });
    await cloud.put(nic, nicBody(cloud, { networkSecurityGroup: { id: cloud.id(nsg) } }));
    await cloud.put(`${nsg}/securityRules/deny`, {
      properties: {
        access: "Deny",
        direction: "Inbound",
        priority: 4000,
        protocol: "*",
        sourceAddressPrefix: "*",
        sourcePortRange: "*",
        destinationAddressPrefix: "*",
        destinationPortRanges: ["22", "3389"],
      },
    });
    assert.equal(
      (await cloud.refused("POST", `${nic}/effectiveNetworkSecurityGroups?api-version=2024-05-01`, {})).code,
      "NicMustBeAttachedToRunningVm",
    );
    await cloud.put(vm, bodies.vm());
    const resource = cloud.plane.store.get(cloud.id(nic))!;
    const [group] = effectiveSecurityGroups(cloud.plane.store, resource).value as JsonObject[];
    assert.deepEqual(
      [group!.networkSecurityGroup, group!.association],
      [{ id: cloud.id(nsg) }, { networkInterface: { id: cloud.id(nic) } }],
    );
    const rules = group!.effectiveSecurityRules as JsonObject[];
    assert.equal(rules.length, 7);
    assert.deepEqual(rules[0], {
      name: "securityRules/deny",
      protocol: "All",
      sourceAddressPrefixes: ["*"],
      destinationAddressPrefixes: ["*"],
      sourcePortRanges: ["0-65535"],
      destinationPortRanges: ["22-22", "3389-3389"],
      access: "Deny",
      priority: 4000,
      direction: "Inbound",
    });
  });
});
