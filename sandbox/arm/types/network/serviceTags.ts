import { words } from "../../../words.ts";

/**
 * Service tags that a security rule can use (Azure, service-tags-overview.md), without the regional suffix that many of
 * them allow (`Storage.WestEurope`).
 */
const tags = `
  ActionGroup ApiManagement ApplicationInsightsAvailability AppConfiguration AppService AppServiceManagement
  AzureActiveDirectory AzureActiveDirectoryDomainServices AzureAdvancedThreatProtection AzureArcInfrastructure
  AzureAttestation AzureBackup AzureBotService AzureCloud AzureCognitiveSearch AzureConnectors
  AzureContainerAppsService AzureContainerRegistry AzureCosmosDB AzureDatabricks AzureDataExplorerManagement
  AzureDeviceUpdate AzureDevOps AzureDigitalTwins AzureEventGrid AzureFrontDoor AzureInformationProtection
  AzureIoTHub AzureKeyVault AzureLoadBalancer AzureMachineLearning AzureManagedGrafana AzureMonitor
  AzureOpenDatasets AzurePlatformDNS AzurePlatformIMDS AzurePlatformLKM AzureResourceManager AzureSecurityCenter
  AzureSentinel AzureSignalR AzureSiteRecovery AzureSphere AzureSpringCloud AzureStack AzureTrafficManager
  AzureUpdateDelivery AzureVideoIndexer AzureWebPubSub BatchNodeManagement ChaosStudio CognitiveServicesFrontend
  CognitiveServicesManagement DataFactory DataFactoryManagement Dynamics365BusinessCentral
  Dynamics365ForMarketingEmail EOPExternalPublishedIPs EventHub GatewayManager GenevaActions
  GuestAndHybridManagement HDInsight Internet KustoAnalytics LogicApps LogicAppsManagement M365ManagementActivityApi
  Marketplace MicrosoftAzureFluidRelay MicrosoftCloudAppSecurity MicrosoftContainerRegistry
  MicrosoftDefenderForEndpoint MicrosoftPurviewPolicyDistribution OneDsCollector PowerBI PowerPlatformInfra
  PowerPlatformPlex PowerQueryOnline Scuba SerialConsole ServiceBus ServiceFabric Sql SqlManagement Storage
  StorageMover StorageSyncService TrafficManager VirtualNetwork WindowsAdminCenter WindowsVirtualDesktop
`;
const serviceTags = new Set(words(tags.toLowerCase()));

/** The original tags, which are not allowed in a list of prefixes. */
const defaultTags = new Set(["*", "virtualnetwork", "internet", "azureloadbalancer"]);

/** Whether a string is a service tag, with or without a region. Tags are matched case-insensitively. */
export function isServiceTag(text: string): boolean {
  const [tag = "", ...suffix] = text.toLowerCase().split(".");
  return serviceTags.has(tag) && suffix.length <= 1;
}

export function isDefaultTag(text: string): boolean {
  return defaultTags.has(text.toLowerCase());
}
