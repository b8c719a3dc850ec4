import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import { isSameEndpoint, withoutSignature } from "../../../azure/blobEndpoint.ts";
import type { Check } from "../check.ts";
import { archivesOf, type HostArchive } from "../archives.ts";
import { found, type FoundByCheck, type Judgement } from "../finding.ts";

export interface ArchiveFacts {
  readonly archives: readonly HostArchive[];
}

export function judgeArchive({ archives }: ArchiveFacts): Judgement {
  const shut = new Map(archives.filter(({ account }) => !account.letsServicesIn).map((one) => [one.account.id, one]));
  const findings = [
    ...archives.flatMap(judgeRegion),
    ...[...shut.values()].map(({ account }) =>
      found("archive-shut", account.id, `The firewall of ${account.name} keeps Azure Monitor out.`, {
        account: account.id,
      }),
    ),
  ];
  const places = new Set(archives.map(({ account }) => `${account.name} (${account.location})`));
  return { findings, seen: `Archive: ${[...places].join(", ")}.` };
}

function judgeRegion({ host, account, setting = "audit" }: HostArchive): FoundByCheck[] {
  if (host.location === account.location) return [];
  const { resourceGroupName: group = "", subscriptionId: subscription = "" } = parseResourceId(account.id) ?? {};
  const message = `The archive ${account.name} is in ${account.location}, and the Bastion host ${host.name} in ${host.location}.`;
  const values = { group, subscription, region: host.location, setting, host: host.id };
  return [found("archive-in-other-region", account.id, message, values)];
}

export const archive: Check = {
  title: "the archive exists, is in the region of the Bastion host, and is open to Azure Monitor",
  examine: async (context) => {
    const { archive: named, subscriptionId } = context.inventory.subject;
    const archives = await archivesOf(context);
    const isThere =
      named === undefined || archives.some(({ account }) => isSameEndpoint(account.blobEndpoint, named.blobEndpoint));
    if (named !== undefined && !isThere && (await context.inventory.hosts()).length > 0) {
      const message = `No storage account in the subscription has the endpoint ${withoutSignature(named.blobEndpoint)}, or you may not see it.`;
      const missing = found("archive-missing", `/subscriptions/${subscriptionId}`, message, {});
      return { ...judgeArchive({ archives }), findings: [missing], seen: "No archive." };
    }
    return archives.length === 0 ? { skipped: "No archive is known." } : judgeArchive({ archives });
  },
};
