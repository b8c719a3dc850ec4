/** Links that open Log Analytics with a query filled in ("Share link to query", as in Microsoft's own documentation). */
import { constants, gzipSync } from "node:zlib";
import { type PortalTarget, publicPortal } from "./portal.ts";

/** How far back a query looks, as an ISO 8601 duration. @example `P1D` */
export type Timespan = `P${string}`;

/**
 * A link that opens the query in a workspace:
 * `/#@TENANT/blade/Microsoft_OperationsManagementSuite_Workspace/Logs.ReactView/resourceId/ID/source/LogsBlade.AnalyticsShareLinkToQuery/q/Q/timespan/SPAN`.
 *
 * @param workspaceId ARM id of the workspace.
 * @param kql the query; it is in the link itself, compressed.
 * @param timespan how far back it looks. @default `P1D`
 */
export function logQueryLink(
  { tenantId, portal = publicPortal }: PortalTarget,
  workspaceId: string,
  kql: string,
  timespan: Timespan = "P1D",
): string {
  return (
    `${portal}/#@${tenantId}/blade/Microsoft_OperationsManagementSuite_Workspace/Logs.ReactView` +
    `/resourceId/${encodeURIComponent(workspaceId)}` +
    `/source/LogsBlade.AnalyticsShareLinkToQuery/q/${encodeQuery(kql)}/timespan/${encodeURIComponent(timespan)}`
  );
}

/**
 * The query as the link carries it: gzip, base64, percent-encoded.
 *
 * The same query gives the same text on every machine, so that a stack output does not change with the machine that
 * deploys it. Two things differ between machines otherwise: the gzip header's byte 9 names the operating system (RFC 1952),
 * and zlib finds other matches where it hashes with the processor's own CRC instructions. Huffman coding alone hashes nothing.
 */
export function encodeQuery(kql: string): string {
  const compressed = gzipSync(kql, { strategy: constants.Z_HUFFMAN_ONLY });
  compressed[9] = 255; // "unknown" operating system
  return encodeURIComponent(compressed.toString("base64"));
}
