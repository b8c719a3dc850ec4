import { generateKeyPairSync } from "node:crypto";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { nicBody, putNetwork, startCloud, type Cloud } from "../cloud.ts";

export const vm = "Microsoft.Compute/virtualMachines/vm";
export const nic = "Microsoft.Network/networkInterfaces/nic";

/** An ED25519 key that a VM takes. */
export const ed25519 = sshKey();

export const ubuntu = { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" };
const windows = {
  publisher: "MicrosoftWindowsServer",
  offer: "WindowsServer",
  sku: "2022-datacenter-azure-edition",
  version: "latest",
};
/** The `osProfile` of a Linux VM with a key. */
export const linuxProfile = (more: JsonObject = {}): JsonObject => ({
  computerName: "vm",
  adminUsername: "operator",
  linuxConfiguration: {
    disablePasswordAuthentication: true,
    ssh: { publicKeys: [{ path: "/home/operator/.ssh/authorized_keys", keyData: ed25519 }] },
  },
  ...more,
});
/** Bodies of VMs with the network interface `nic`; members of `properties` are replaced whole. */
export interface VmBodies {
  vm(properties?: JsonObject, more?: JsonObject): JsonObject;
  windowsVm(profile: JsonObject): JsonObject;
}

export function vmBodies(cloud: Pick<Cloud, "id">): VmBodies {
  const vm = (properties: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
    location: "westeurope",
    identity: { type: "SystemAssigned" },
    properties: {
      hardwareProfile: { vmSize: "Standard_B2s" },
      securityProfile: { securityType: "TrustedLaunch", uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } },
      storageProfile: {
        imageReference: ubuntu,
        osDisk: { name: "vm-os", createOption: "FromImage", deleteOption: "Delete" },
      },
      networkProfile: {
        networkInterfaces: [{ id: cloud.id(nic), properties: { primary: true, deleteOption: "Detach" } }],
      },
      osProfile: linuxProfile(),
      ...properties,
    },
    ...more,
  });
  const windowsVm = (profile: JsonObject): JsonObject =>
    vm({
      storageProfile: { imageReference: windows, osDisk: { createOption: "FromImage" } },
      osProfile: { computerName: "vm", adminUsername: "operator", windowsConfiguration: {}, ...profile },
    });
  return { vm, windowsVm };
}

/** An SSH public key: RSA of some length, or ED25519. */
export function sshKey(rsaBits?: number): string {
  const field = (data: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, data]);
  };
  const bytes = (text: string | undefined): Buffer => Buffer.from(text ?? "", "base64url");
  const { publicKey } =
    rsaBits === undefined ? generateKeyPairSync("ed25519") : generateKeyPairSync("rsa", { modulusLength: rsaBits });
  const jwk = publicKey.export({ format: "jwk" });
  const parts =
    rsaBits === undefined
      ? [Buffer.from("ssh-ed25519"), bytes(jwk.x)]
      : [Buffer.from("ssh-rsa"), bytes(jwk.e), Buffer.concat([Buffer.alloc(1), bytes(jwk.n)])];
  return `${parts[0]!.toString()} ${Buffer.concat(parts.map(field)).toString("base64")} operator@example`;
}

/** The extension by which people log in to a Linux VM with their Entra account. */
export const loginExtension = (more: JsonObject = {}): JsonObject => ({
  location: "westeurope",
  properties: {
    publisher: "Microsoft.Azure.ActiveDirectory",
    type: "AADSSHLoginForLinux",
    typeHandlerVersion: "1.0",
    autoUpgradeMinorVersion: true,
    ...more,
  },
});

/** A cloud with a network and the network interface `nic`. */
export async function startVmCloud(options?: Parameters<typeof startCloud>[0]): Promise<Cloud> {
  const cloud = await startCloud(options);
  await putNetwork(cloud);
  await cloud.put(nic, nicBody(cloud));
  return cloud;
}
