/** Returns the Bastion hosts of a stack. */
import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { bastionSubnetName } from "@bastion-trail/core/rules/bastionSubnet";
import { type AzureResource, type Deployment, leadsTo, ofType } from "./deployment.ts";
import { list, record, sameText, text, texts } from "./values.ts";

export function bastionHosts(deployment: Deployment): AzureResource[] {
  return ofType(deployment, "network:BastionHost");
}

/**
 * Returns the subnets of the stack's hosts. In a preview a subnet's own name is unknown, so it is found through its
 * host.
 */
export function bastionSubnets(deployment: Deployment): AzureResource[] {
  return subnetsOfHosts(deployment, (hosting) => (hosting.length === 1 ? hosting : []));
}

/** Returns these subnets, and those of which the preview does not know which one is the host's. */
export function possibleBastionSubnets(deployment: Deployment): AzureResource[] {
  return subnetsOfHosts(deployment, (hosting) => hosting);
}

function subnetsOfHosts(
  deployment: Deployment,
  chosen: (hosting: AzureResource[]) => AzureResource[],
): AzureResource[] {
  const subnets = [
    ...ofType(deployment, "network:Subnet"),
    ...ofType(deployment, "network:VirtualNetwork").flatMap(inlineSubnets),
  ];
  const named = subnets.filter(({ properties }) => sameText(properties.name, bastionSubnetName));
  const hosting = bastionHosts(deployment).flatMap((host) =>
    chosen(
      host
        .madeFrom("ipConfigurations")
        .filter(({ type, properties }) => type === "network:Subnet" && text(properties.name) === undefined),
    ),
  );
  return [...new Set([...named, ...hosting])];
}

/** Returns the subnets that a virtual network declares among its own inputs, as if each were a resource. */
function inlineSubnets(network: AzureResource): AzureResource[] {
  return list(network.properties.subnets).map((subnet) => ({
    ...network,
    properties: record(subnet),
    madeFrom: () => network.madeFrom("subnets"),
  }));
}

/** Returns the address ranges of a subnet. */
export function rangesOf(subnet: AzureResource): string[] {
  return texts(subnet.properties, "addressPrefix", "addressPrefixes");
}

/**
 * Returns the diagnostic settings of a host that send its audit records, by their category or by a group that contains
 * it.
 */
export function auditSettings(deployment: Deployment, host: AzureResource): AzureResource[] {
  const isOnlyHost = bastionHosts(deployment).length === 1;
  return ofType(deployment, "monitor:DiagnosticSetting").filter((setting) => {
    const sent = list(setting.properties.logs)
      .map(record)
      .filter(({ enabled }) => enabled === true);
    const isByCategory = sent.some(({ category }) => sameText(category, auditCategory));
    const isByGroup = sent.some(({ categoryGroup }) =>
      ["alllogs", "audit"].includes(text(categoryGroup)?.toLowerCase() ?? ""),
    );
    if (leadsTo(setting, "resourceUri", host)) return isByCategory || isByGroup;
    // A literal id is not an output of a resource. Only Bastion hosts have the category, but every resource has the
    // groups.
    return isOnlyHost && setting.madeFrom("resourceUri").length === 0 && isByCategory;
  });
}

/**
 * Returns the stack's storage accounts that receive the audit records of a host. Accounts of other stacks are not
 * included.
 */
export function archivesOf(deployment: Deployment, host: AzureResource): AzureResource[] {
  const settings = auditSettings(deployment, host);
  return ofType(deployment, "storage:StorageAccount").filter((account) =>
    settings.some((setting) => leadsTo(setting, "storageAccountId", account, setting.properties.storageAccountId)),
  );
}

/** Returns the archives of all hosts of the stack. */
export function archives(deployment: Deployment): AzureResource[] {
  return [...new Set(bastionHosts(deployment).flatMap((host) => archivesOf(deployment, host)))];
}
