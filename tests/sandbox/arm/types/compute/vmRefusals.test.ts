import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { startVmCloud, ed25519, linuxProfile, vmBodies, sshKey, ubuntu, vm } from "./vmBodies.ts";
import { forEachTest } from "../../../../held.ts";

describe("A virtual machine that Azure refuses", () => {
  const cloud = forEachTest(startVmCloud);
  const bodies = vmBodies(cloud);

  const complexity = (range: string): string =>
    `The supplied password must be between ${range} characters long and must satisfy at least 3 of password complexity requirements from the following:\r\n1) Contains an uppercase character\r\n2) Contains a lowercase character\r\n3) Contains a numeric digit\r\n4) Contains a special character\r\n5) Control characters are not allowed`;
  const linuxVm = (profile: JsonObject): JsonObject => bodies.vm({ osProfile: linuxProfile(profile) });
  const refusals: Record<string, [body: () => JsonObject, message: string]> = {
    "a weak Windows password": [() => bodies.windowsVm({ adminPassword: "password" }), complexity("8-123")],
    "a short Windows password": [() => bodies.windowsVm({ adminPassword: "Abc-1" }), complexity("8-123")],
    "a weak Linux password": [() => linuxVm({ adminPassword: "letters" }), complexity("6-72")],
    "a password that everybody knows": [
      () => bodies.windowsVm({ adminPassword: "P@ssw0rd" }),
      "The Admin password specified is not allowed.",
    ],
    "no Windows password": [() => bodies.windowsVm({}), "Required parameter 'adminPassword' is missing (null)."],
    "a Windows name of 16 characters": [
      () => bodies.windowsVm({ adminPassword: "Correct-horse-1", computerName: "sixteen-letters-" }),
      "Windows computer name cannot be more than 15 characters long, be entirely numeric, or contain the following characters: ` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : . ' \" , < > / ?.",
    ],
    "a Linux name with an underscore": [
      () => linuxVm({ computerName: "my_vm" }),
      "Linux host name cannot exceed 64 characters in length or contain the following characters: ` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : . ' \" , < > / ?.",
    ],
    "a user name that Azure keeps": [
      () => linuxVm({ adminUsername: "admin" }),
      "The Admin Username specified is not allowed.",
    ],
    "no user name": [
      () => bodies.vm({ osProfile: { computerName: "vm" } }),
      "Required parameter 'adminUsername' is missing (null).",
    ],
    "neither key nor password": [
      () => linuxVm({ linuxConfiguration: { disablePasswordAuthentication: true } }),
      "Authentication using either SSH or by user name and password must be enabled in Linux profile.",
    ],
    "a key in another user's home": [
      () =>
        linuxVm({
          linuxConfiguration: { ssh: { publicKeys: [{ path: "/home/x/.ssh/authorized_keys", keyData: ed25519 }] } },
        }),
      "Destination path for SSH public keys is currently limited to its default value /home/operator/.ssh/authorized_keys  due to a known issue in Linux provisioning agent.",
    ],
    "a key that is none": [
      () =>
        linuxVm({
          linuxConfiguration: {
            disablePasswordAuthentication: true,
            ssh: { publicKeys: [{ keyData: "ssh-ed25519 AAAA" }] },
          },
        }),
      "The value of parameter linuxConfiguration.ssh.publicKeys.keyData is invalid.",
    ],
    "a size that has no size's name": [
      () => bodies.vm({ hardwareProfile: { vmSize: "Large" } }),
      "The value Large provided for the VM size is not valid. Find out more on the available VM sizes in westeurope at https://aka.ms/azure-regions.",
    ],
    "boot settings without trusted launch": [
      () => bodies.vm({ securityProfile: { uefiSettings: { secureBootEnabled: true } } }),
      "The value of parameter securityProfile.uefiSettings is invalid.",
    ],
    "no network interface": [
      () => bodies.vm({ networkProfile: { networkInterfaces: [] } }),
      "Required parameter 'networkProfile.networkInterfaces' is missing (null).",
    ],
    "two data disks at one place": [
      () =>
        bodies.vm({
          storageProfile: {
            imageReference: ubuntu,
            osDisk: { createOption: "FromImage" },
            dataDisks: [0, 0].map((lun) => ({ lun, createOption: "Empty", diskSizeGB: 4 })),
          },
        }),
      "A disk at LUN 0 already exists.",
    ],
  };
  for (const [name, [body, message]] of Object.entries(refusals)) {
    it(`refuses ${name}`, async () => {
      assert.equal(await cloud.refusal("PUT", vm, body()), `400 InvalidParameter: ${message}`);
    });
  }

  it("refuses an image that is not well named, and a generation 1 image with trusted launch", async () => {
    const withImage = (imageReference: JsonObject): JsonObject =>
      bodies.vm({ storageProfile: { imageReference, osDisk: { createOption: "FromImage" } } });
    assert.equal(
      await cloud.refusal("PUT", vm, withImage({ ...ubuntu, version: "newest" })),
      "404 PlatformImageNotFound: The platform image 'Canonical:ubuntu-24_04-lts:server:newest' is not available. Verify that all fields in the storage profile are correct. For more details about storage profile information, please refer to https://aka.ms/storageprofile",
    );
    const generation1 = {
      publisher: "Canonical",
      offer: "0001-com-ubuntu-server-jammy",
      sku: "22_04-lts",
      version: "latest",
    };
    assert.equal((await cloud.refused("PUT", vm, withImage(generation1))).code, "BadRequest");
    // Images for Arm64 are of generation 2, and have no mark for it.
    await cloud.put(vm, withImage({ ...generation1, sku: "22_04-lts-arm64" }));
  });

  it("takes an RSA key of 2048 bits and none of 1024", async () => {
    const withKey = (keyData: string): JsonObject =>
      linuxVm({ linuxConfiguration: { disablePasswordAuthentication: true, ssh: { publicKeys: [{ keyData }] } } });
    assert.equal((await cloud.refused("PUT", vm, withKey(sshKey(1024)))).code, "InvalidParameter");
    await cloud.put(vm, withKey(sshKey(2048)));
  });
});
