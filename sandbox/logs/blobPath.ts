/**
 * Returns the path of a record's blob in its container: the id in upper case, then the hour in which the record was
 * received, not that of the event; `m=` is always 00 (azure-monitor-docs, platform/resource-logs.md).
 */
export function blobPathOf(resourceId: string, receivedAt: Date): string {
  const [date = "", time = ""] = receivedAt.toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `resourceId=${resourceId.toUpperCase()}/y=${year ?? ""}/m=${month ?? ""}/d=${day ?? ""}/h=${time.slice(0, 2)}/m=00/PT1H.json`;
}
