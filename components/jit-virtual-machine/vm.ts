/** The VM and its network interface. Its ports are in vmFirewall.ts, its JIT policy in jitPolicy.ts. */
import { VirtualMachine } from "@pulumi/azure-native/compute/virtualMachine.js";
import { NetworkInterface } from "@pulumi/azure-native/network/networkInterface.js";
import type { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import type { SecurityRule } from "@pulumi/azure-native/network/securityRule.js";
import * as compute from "@pulumi/azure-native/types/enums/compute/index.js";
import * as network from "@pulumi/azure-native/types/enums/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../shared/placement.ts";
import { refuseUpdates } from "../shared/updateHook.ts";
import { type CheckedSettings, osProfile, storageProfile } from "./vmProfiles.ts";
import { networkMoveProblems } from "./vmSubnetRules.ts";

/** Creates the interface, without a public IP address. */
export function createNetworkInterface(
  name: string,
  { subject, settings, vmSubnetId, group, ...placement }: NetworkInterfaceArgs,
  opts: pulumi.CustomResourceOptions,
): NetworkInterface {
  return new NetworkInterface(
    `${name}-nic`,
    {
      ...placement,
      networkInterfaceName: pulumi.interpolate`${settings.name}-nic`,
      networkSecurityGroup: { id: group.id },
      ipConfigurations: [
        {
          name: "internal",
          primary: true,
          privateIPAllocationMethod: network.IPAllocationMethod.Dynamic,
          subnet: { id: vmSubnetId },
        },
      ],
    },
    pulumi.mergeOptions(opts, {
      // The VM of the old name is attached to it until it is deleted.
      deleteBeforeReplace: false,
      hooks: { beforeUpdate: [refuseUpdates(subject, "nic-update", networkMoveProblems)] },
    }),
  );
}

interface NetworkInterfaceArgs extends Placement {
  /** Owner of the interface, for messages. */
  readonly subject: string;
  readonly settings: CheckedSettings;
  readonly vmSubnetId: pulumi.Input<string>;
  readonly group: NetworkSecurityGroup;
}

/**
 * Properties that Azure never changes on a VM (409 `PropertyChangeNotAllowed`). A preview shows a replacement instead.
 */
const unchangeable = [
  "osProfile.computerName",
  "osProfile.adminUsername",
  "osProfile.adminPassword",
  "osProfile.linuxConfiguration.disablePasswordAuthentication",
  "osProfile.linuxConfiguration.ssh",
  "storageProfile.imageReference",
  "storageProfile.osDisk.name",
  "zones",
] as const;

interface VmArgs extends Placement {
  readonly settings: CheckedSettings;
  readonly nic: NetworkInterface;
  /** The rules that close the ports. */
  readonly denials: readonly SecurityRule[];
  /** First password of the local administrator; `undefined` if there is none. */
  readonly password: pulumi.Output<string> | undefined;
}

export function createVm(
  name: string,
  { settings, nic, denials, password, ...placement }: VmArgs,
  opts: pulumi.CustomResourceOptions,
): VirtualMachine {
  return new VirtualMachine(
    name,
    {
      ...placement,
      vmName: settings.name,
      zones: pulumi.output(settings.zone).apply((zone) => (zone === undefined ? [] : [zone])),
      identity: { type: compute.ResourceIdentityType.SystemAssigned },
      hardwareProfile: { vmSize: settings.size },
      securityProfile: {
        securityType: compute.SecurityTypes.TrustedLaunch,
        uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
      },
      // Without a storage URI, Azure stores the boot diagnostics in a managed account.
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      storageProfile: storageProfile(settings),
      networkProfile: {
        networkInterfaces: [
          // The interface is a resource of its own: if deleting the VM also deleted it, a replacement would fail.
          { id: nic.id, primary: true, deleteOption: compute.DeleteOptions.Detach },
        ],
      },
      osProfile: osProfile(settings, password),
    },
    // The ports must be closed before Bastion can reach the VM. Two VMs cannot have the same name.
    { ...opts, dependsOn: [...denials], deleteBeforeReplace: true, replaceOnChanges: [...unchangeable] },
  );
}
