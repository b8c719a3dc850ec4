import { auditContainerName } from "@bastion-trail/core/links/archivePath";
import { archives } from "../bastion.ts";
import { type AzureResource, type Deployment, leadsTo, ofType } from "../deployment.ts";
import type { StackPolicy, Violation } from "../policy.ts";
import { list, record, text } from "../values.ts";

interface Config {
  readonly minRetentionDays: number;
  readonly immutable: boolean;
}

export const archiveKeepsRecords: StackPolicy<Config> = {
  name: "archive-keeps-records",
  description:
    "Audit logs stay in the storage account for a minimum number of days, and cannot be changed if that is required.",
  config: {
    minRetentionDays: {
      type: "integer",
      minimum: 1,
      // As long as Azure keeps the activity log, with which sessions are joined (azure-monitor, activity-log.md).
      default: 90,
      description: "Days for which no lifecycle rule may delete an audit log.",
    },
    immutable: {
      type: "boolean",
      default: false,
      description: "Whether the container of the audit logs must be under an immutability policy of that many days.",
    },
  },
  judge: (deployment, config) =>
    archives(deployment).flatMap((account) => [
      ...deletedEarly(deployment, account, config),
      ...(config.immutable ? changeable(deployment, account, config) : []),
    ]),
};

function deletedEarly(deployment: Deployment, account: AzureResource, { minRetentionDays }: Config): Violation[] {
  return inAccount(deployment, "storage:ManagementPolicy", account).flatMap((policy) =>
    list(record(policy.properties.policy).rules)
      .map(record)
      .filter((rule) => rule.enabled !== false && concernsAuditLogs(record(record(rule.definition).filters)))
      .flatMap((rule) => {
        const { delete: deletion } = record(record(record(rule.definition).actions).baseBlob);
        const days = Object.entries(record(deletion)).flatMap(([key, value]) =>
          // That time must pass as well, so it only makes the deletion later (lifecycle-management-policy-structure.md).
          key.startsWith("daysAfter") && key !== "daysAfterLastTierChangeGreaterThan" && typeof value === "number"
            ? [value]
            : [],
        );
        const shortest = Math.min(...days);
        if (shortest >= minRetentionDays) return [];
        return [
          {
            resource: policy,
            message:
              `Rule "${text(rule.name) ?? "unnamed"}" deletes audit logs after ${shortest} days; ` +
              `they must stay for ${minRetentionDays}.`,
          },
        ];
      }),
  );
}

/** Log blobs are append blobs; a rule without a blob type or without a prefix applies to all blobs. */
function concernsAuditLogs({ blobTypes, prefixMatch }: Readonly<Record<string, unknown>>): boolean {
  const [kinds, prefixes] = [list(blobTypes), list(prefixMatch)];
  const container = `${auditContainerName}/`;
  return (
    (kinds.length === 0 || kinds.includes("appendBlob")) &&
    (prefixes.length === 0 ||
      prefixes.some(
        (prefix) => container.startsWith(text(prefix) ?? "") || text(prefix)?.startsWith(container) === true,
      ))
  );
}

function changeable(deployment: Deployment, account: AzureResource, { minRetentionDays }: Config): Violation[] {
  const policies = inAccount(deployment, "storage:BlobContainerImmutabilityPolicy", account).filter(
    ({ madeFrom, properties }) =>
      // The container is named only in the policy's id, which is not an output, so it is identified by what the policy
      // was made from.
      madeFrom("containerName").some(({ properties: container }) => text(container.name) === auditContainerName) ||
      text(properties.containerName) === auditContainerName ||
      madeFrom("containerName").length === 0,
  );
  const days = policies.flatMap(({ properties }) =>
    typeof properties.immutabilityPeriodSinceCreationInDays === "number"
      ? [properties.immutabilityPeriodSinceCreationInDays]
      : [],
  );
  if (policies.length > days.length || days.some((period) => period >= minRetentionDays)) return [];
  const longest = days.length === 0 ? "no immutability policy" : `an immutability policy of ${Math.max(...days)} days`;
  return [
    {
      resource: account,
      message: `Container ${auditContainerName} has ${longest}; it must have one of at least ${minRetentionDays} days.`,
    },
  ];
}

function inAccount(deployment: Deployment, type: string, account: AzureResource): AzureResource[] {
  return ofType(deployment, type).filter((resource) => leadsTo(resource, "accountName", account));
}
