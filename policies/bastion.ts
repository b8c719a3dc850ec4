/** What belongs to the Bastion hosts of a stack. */
import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { type AzureResource, type Deployment, leadsTo, ofType } from "./deployment.ts";
import { list, record, sameText, text, texts } from "./values.ts";

export function bastionHosts(deployment: Deployment): AzureResource[] {
  return ofType(deployment, "network:BastionHost");
}

/** The subnets in which a host of the stack stands. A subnet's own name is not known in a preview, so it is found by its host. */
export function bastionSubnets(deployment: Deployment): AzureResource[] {
  const named = ofType(deployment, "network:Subnet").filter(({ properties }) =>
    sameText(properties.name, "AzureBastionSubnet"),
  );
  const hosting = bastionHosts(deployment).flatMap((host) =>
    host.madeFrom("ipConfigurations").filter(({ type }) => type === "network:Subnet"),
  );
  return [...new Set([...named, ...hosting])];
}

/** Address ranges of a subnet. */
export function rangesOf(subnet: AzureResource): string[] {
  return texts(subnet.properties, "addressPrefix", "addressPrefixes");
}

/** The diagnostic settings of a host that send its audit records, by their category or by a group that holds it. */
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
    // An id that was typed in is no output of the setting. The category is a Bastion host's alone; a group is every resource's.
    return isOnlyHost && setting.madeFrom("resourceUri").length === 0 && isByCategory;
  });
}

/** The stack's storage accounts to which the audit records of a host go. An account of another stack is not among them. */
export function archivesOf(deployment: Deployment, host: AzureResource): AzureResource[] {
  const settings = auditSettings(deployment, host);
  return ofType(deployment, "storage:StorageAccount").filter((account) =>
    settings.some((setting) => leadsTo(setting, "storageAccountId", account, setting.properties.storageAccountId)),
  );
}

/** The stack's archives, whatever host they serve. */
export function archives(deployment: Deployment): AzureResource[] {
  return [...new Set(bastionHosts(deployment).flatMap((host) => archivesOf(deployment, host)))];
}
