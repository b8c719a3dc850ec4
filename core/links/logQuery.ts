/** Links that open Log Analytics with a query filled in ("Share link to query", as in Microsoft's own documentation). */
import { constants, gzipSync } from "node:zlib";
import { type PortalTarget, publicPortal } from "./portal.ts";

/** How far back a query looks, as an ISO 8601 duration. @example `P1D` */
export type Timespan = `P${string}`;

/**
 * Returns a link that opens the query in a workspace:
 * `/#@TENANT/blade/Microsoft_OperationsManagementSuite_Workspace/Logs.ReactView/resourceId/ID/source/LogsBlade.AnalyticsShareLinkToQuery/q/Q/timespan/SPAN`.
 *
 * @param workspaceId ARM id of the workspace.
 * @param kql the query; the link contains it in compressed form.
 * @param timespan how far back the query looks. @default `P1D`
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
 * Encodes the query for the link: gzip, base64, percent-encoding.
 *
 * The same query gives the same text everywhere, so that a stack output does not depend on the computer that deploys
 * it. Two things would otherwise differ: byte 9 of the gzip header names the operating system (RFC 1952), and zlib
 * finds other matches if it hashes with the processor's CRC instructions. Huffman coding alone does not hash.
 */
export function encodeQuery(kql: string): string {
  const compressed = gzipSync(kql, { strategy: constants.Z_HUFFMAN_ONLY });
  compressed[9] = 255; // "unknown" operating system
  return encodeURIComponent(compressed.toString("base64"));
}
