/**
 * Where Azure Monitor writes log blobs in a storage account (azure-monitor-docs, platform/resource-logs.md):
 * `insights-logs-{category}/resourceId={RESOURCE ID}/y=YYYY/m=MM/d=DD/h=HH/m=00/PT1H.json`, one append blob of JSON
 * lines per resource and hour. The hour is the one in which the record was received, in UTC, not that of the event.
 */

/** The only log category of Azure Bastion. */
export const auditCategory = "BastionAuditLogs";

/** Container of the Bastion audit logs: `insights-logs-` and the category in lower case. */
export const auditContainerName = `insights-logs-${auditCategory.toLowerCase()}`;

/** Container of an exported activity log (activity-log-schema.md). */
export const activityLogContainerName = "insights-activity-logs";

/** Container of the flow logs of virtual networks (azure-docs, vnet-flow-logs-manage.md). */
export const flowLogContainerName = "insights-logs-flowlogflowevent";

/**
 * Prefix of the names of all flow log blobs. It is followed by the flow log, in one of three forms that Microsoft's
 * pages show (vnet-flow-logs-manage.md, flow-logs-read.md), and
 * `y=.../m=.../d=.../h=.../m=00/macAddress=MAC/PT1H.json`.
 */
export const flowLogBlobPrefix = "flowLogResourceID=/";

/**
 * Returns the blob prefix of everything that one resource logged, or of a subscription's activity log:
 * `resourceId=/SUBSCRIPTIONS/.../BASTIONHOSTS/NAME/`.
 *
 * Azure Monitor writes the id in upper case. All its samples show that, but no page promises it, so a reader should
 * compare case-insensitively.
 *
 * @param resourceId ARM id of the resource, or `/subscriptions/SUBSCRIPTION`; in any case.
 */
export function blobPrefix(resourceId: string): string {
  return `resourceId=${resourceId.replace(/\/+$/, "").toUpperCase()}/`;
}

/**
 * Returns the name of the blob of the records received in one hour.
 * @param resourceId as for {@link blobPrefix}.
 * @param hour any moment of that hour.
 */
export function hourlyBlobName(resourceId: string, hour: Date): string {
  const [year = "", month = "", day = "", hours = ""] = hour.toISOString().split(/[-T:]/);
  return `${blobPrefix(resourceId)}y=${year}/m=${month}/d=${day}/h=${hours}/m=00/PT1H.json`;
}
