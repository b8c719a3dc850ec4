/** Members of a virtual machine's body, as Microsoft.Compute 2024-11-01 to 2026-04-01 know them. */
import {
  anything,
  bool,
  identity,
  int,
  list,
  obj,
  oneOf,
  readOnlyMembers,
  ref,
  required,
  secretStr,
  str,
  tracked,
} from "../../fields.ts";

const caching = oneOf("None", "ReadOnly", "ReadWrite");
const managedDisk = obj({
  id: str(),
  storageAccountType: oneOf(
    "Standard_LRS",
    "Premium_LRS",
    "StandardSSD_LRS",
    "UltraSSD_LRS",
    "Premium_ZRS",
    "StandardSSD_ZRS",
    "PremiumV2_LRS",
  ),
  diskEncryptionSet: obj({ id: str() }),
  securityProfile: anything(),
});

const disk = {
  caching,
  createOption: required(oneOf("FromImage", "Empty", "Attach", "Copy", "Restore")),
  deleteOption: oneOf("Delete", "Detach"),
  diskSizeGB: int(0, 65_536),
  image: anything(),
  managedDisk,
  name: str(),
  storageFaultDomainAlignment: anything(),
  vhd: anything(),
  writeAcceleratorEnabled: bool(),
};

const assessmentMode = oneOf("ImageDefault", "AutomaticByPlatform");
const automaticByPlatformSettings = obj({
  bypassPlatformSafetyChecksOnUserSchedule: bool(),
  rebootSetting: oneOf("Unknown", "IfRequired", "Never", "Always"),
});

const storageProfile = obj({
  alignRegionalDisksToVMZone: bool(),
  dataDisks: list(
    obj({
      ...disk,
      detachOption: oneOf("ForceDetach"),
      lun: required(int(0, 63)),
      sourceResource: anything(),
      toBeDetached: bool(),
      ...readOnlyMembers("diskIOPSReadWrite", "diskMBpsReadWrite"),
    }),
    64,
  ),
  diskControllerType: oneOf("SCSI", "NVMe"),
  imageReference: obj({
    communityGalleryImageId: str(),
    id: str(),
    offer: str(),
    publisher: str(),
    sharedGalleryImageId: str(),
    sku: str(),
    version: str(),
    ...readOnlyMembers("exactVersion"),
  }),
  osDisk: obj({
    ...disk,
    diffDiskSettings: anything(),
    encryptionSettings: anything(),
    osType: oneOf("Windows", "Linux"),
  }),
});

const osProfile = obj({
  adminPassword: secretStr(),
  adminUsername: str(),
  allowExtensionOperations: bool(),
  computerName: str(),
  customData: secretStr(),
  linuxConfiguration: obj({
    disablePasswordAuthentication: bool(),
    enableVMAgentPlatformUpdates: bool(),
    patchSettings: obj({
      assessmentMode,
      automaticByPlatformSettings,
      patchMode: oneOf("ImageDefault", "AutomaticByPlatform"),
    }),
    provisionVMAgent: bool(),
    ssh: obj({ publicKeys: list(obj({ keyData: str(), path: str() })) }),
  }),
  requireGuestProvisionSignal: bool(),
  secrets: list(anything()),
  windowsConfiguration: obj({
    additionalUnattendContent: list(anything()),
    enableAutomaticUpdates: bool(),
    patchSettings: obj({
      assessmentMode,
      automaticByPlatformSettings,
      enableHotpatching: bool(),
      patchMode: oneOf("Manual", "AutomaticByOS", "AutomaticByPlatform"),
    }),
    provisionVMAgent: bool(),
    timeZone: str(),
    winRM: anything(),
    ...readOnlyMembers("enableVMAgentPlatformUpdates"),
  }),
});

export const machineShape = tracked(
  obj({
    additionalCapabilities: obj({
      enableFips1403Encryption: bool(),
      hibernationEnabled: bool(),
      ultraSSDEnabled: bool(),
    }),
    applicationProfile: anything(),
    availabilitySet: ref(),
    billingProfile: obj({}),
    capacityReservation: anything(),
    diagnosticsProfile: obj({ bootDiagnostics: obj({ enabled: bool(), storageUri: str() }) }),
    evictionPolicy: oneOf("Deallocate", "Delete"),
    extensionsTimeBudget: str(),
    hardwareProfile: obj({ vmSize: str(), vmSizeProperties: obj({ vCPUsAvailable: int(), vCPUsPerCore: int() }) }),
    host: ref(),
    hostGroup: ref(),
    interconnectBlockProfile: anything(),
    licenseType: str(),
    networkProfile: obj({
      networkApiVersion: str(),
      networkInterfaceConfigurations: list(anything()),
      networkInterfaces: list(
        obj({
          id: required(str()),
          properties: obj({ deleteOption: oneOf("Delete", "Detach"), primary: bool() }),
        }),
      ),
    }),
    osProfile,
    platformFaultDomain: int(),
    priority: oneOf("Regular", "Low", "Spot"),
    proximityPlacementGroup: ref(),
    resiliencyProfile: anything(),
    scheduledEventsPolicy: anything(),
    scheduledEventsProfile: anything(),
    securityProfile: obj({
      encryptionAtHost: bool(),
      encryptionIdentity: anything(),
      proxyAgentSettings: anything(),
      securityType: oneOf("TrustedLaunch", "ConfidentialVM", "Standard"),
      uefiSettings: obj({ secureBootEnabled: bool(), vTpmEnabled: bool() }),
    }),
    storageProfile,
    userData: secretStr(),
    virtualMachineScaleSet: ref(),
    ...readOnlyMembers("instanceView", "provisioningState", "timeCreated", "vmId"),
  }),
  {
    extendedLocation: anything(),
    identity: identity(),
    placement: anything(),
    plan: obj({ name: str(), product: str(), promotionCode: str(), publisher: str() }),
    zones: list(str()),
    ...readOnlyMembers("managedBy", "resources"),
  },
);
