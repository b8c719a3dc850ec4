import {
  anything,
  bool,
  identity,
  int,
  list,
  map,
  obj,
  oneOf,
  readOnly,
  readOnlyMembers,
  required,
  str,
  tracked,
} from "../../fields.ts";
import type { Field } from "../../model.ts";

/** API versions that azure-native 3.28 (2024-01-01), @azure/arm-storage 20 (2025-08-01) and az CLI send. */
export const storageApiVersions = [
  "2022-09-01",
  "2023-01-01",
  "2023-04-01",
  "2023-05-01",
  "2024-01-01",
  "2025-01-01",
  "2025-06-01",
  "2025-08-01",
  "2026-09-01",
] as const;

export const skuNames = [
  "Standard_LRS",
  "Standard_GRS",
  "Standard_RAGRS",
  "Standard_ZRS",
  "Premium_LRS",
  "Premium_ZRS",
  "Standard_GZRS",
  "Standard_RAGZRS",
] as const;

const encryptedService = obj({
  enabled: bool(),
  keyType: oneOf("Service", "Account"),
  lastEnabledTime: readOnly(str()),
});

const networkRuleSet = obj({
  bypass: str(/^(None|((Logging|Metrics|AzureServices)(, ?(Logging|Metrics|AzureServices))*))$/),
  defaultAction: required(oneOf("Allow", "Deny")),
  ipRules: list(obj({ value: required(str()), action: oneOf("Allow") }), 400),
  ipv6Rules: list(obj({ value: required(str()), action: oneOf("Allow") }), 400),
  virtualNetworkRules: list(obj({ id: required(str()), action: oneOf("Allow"), state: str() }), 400),
  resourceAccessRules: list(obj({ tenantId: str(), resourceId: str() }), 200),
});

const encryption = obj({
  services: obj({
    blob: encryptedService,
    file: encryptedService,
    table: encryptedService,
    queue: encryptedService,
  }),
  keySource: oneOf("Microsoft.Storage", "Microsoft.Keyvault"),
  requireInfrastructureEncryption: bool(),
  keyvaultproperties: anything(),
  identity: anything(),
});

const properties: Record<string, Field> = {
  accessTier: oneOf("Hot", "Cool", "Cold", "Premium"),
  allowBlobPublicAccess: bool(),
  allowCrossTenantReplication: bool(),
  allowSharedKeyAccess: bool(),
  allowSharedKeyAccessForServices: anything(),
  allowedCopyScope: oneOf("PrivateLink", "AAD"),
  azureFilesIdentityBasedAuthentication: anything(),
  customDomain: obj({ name: required(str()), useSubDomainName: bool() }),
  dataCollaborationPolicyProperties: anything(),
  defaultToOAuthAuthentication: bool(),
  dnsEndpointType: oneOf("Standard", "AzureDnsZone"),
  dualStackEndpointPreference: anything(),
  enableExtendedGroups: bool(),
  encryption,
  geoPriorityReplicationStatus: anything(),
  immutableStorageWithVersioning: obj({
    enabled: bool(),
    immutabilityPolicy: obj({
      immutabilityPeriodSinceCreationInDays: int(1, 146000),
      state: oneOf("Unlocked", "Locked", "Disabled"),
      allowProtectedAppendWrites: bool(),
    }),
  }),
  isHnsEnabled: bool(),
  isLocalUserEnabled: bool(),
  isNfsV3Enabled: bool(),
  isSftpEnabled: bool(),
  keyPolicy: obj({ keyExpirationPeriodInDays: required(int(1)) }),
  largeFileSharesState: oneOf("Disabled", "Enabled"),
  minimumTlsVersion: oneOf("TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"),
  networkAcls: networkRuleSet,
  publicNetworkAccess: oneOf("Enabled", "Disabled", "SecuredByPerimeter"),
  routingPreference: obj({
    routingChoice: oneOf("MicrosoftRouting", "InternetRouting"),
    publishMicrosoftEndpoints: bool(),
    publishInternetEndpoints: bool(),
  }),
  sasPolicy: obj({ sasExpirationPeriod: required(str()), expirationAction: required(oneOf("Log", "Block")) }),
  supportsHttpsTrafficOnly: bool(),
  ...readOnlyMembers(
    "accountMigrationInProgress",
    "blobRestoreStatus",
    "creationTime",
    "failoverInProgress",
    "geoReplicationStats",
    "isSkuConversionBlocked",
    "keyCreationTime",
    "lastGeoFailoverTime",
    "primaryEndpoints",
    "primaryLocation",
    "privateEndpointConnections",
    "provisioningState",
    "secondaryEndpoints",
    "secondaryLocation",
    "statusOfPrimary",
    "statusOfSecondary",
    "storageAccountSkuConversionStatus",
  ),
};

export const accountShape = tracked(obj(properties), {
  kind: required(oneOf("Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage")),
  sku: required(obj({ name: required(oneOf(...skuNames)), tier: oneOf("Standard", "Premium") })),
  identity: identity(),
  extendedLocation: obj({ name: str(), type: str() }),
  zones: list(str()),
  placement: map(anything()),
});
