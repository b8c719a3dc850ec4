import { createHash } from "node:crypto";
import { textAt, type JsonObject } from "../arm/json.ts";
import type { Resource, ResourceReader } from "../arm/resource.ts";
import { isAtOrBelow, sameId } from "../arm/ids.ts";
import { findAccount } from "../blobs/accounts.ts";
import { tupleText, type Connection, type Tuple } from "./connection.ts";

/** Container of all flow logs of virtual networks (vnet-flow-logs-manage.md). */
export const flowLogContainer = "insights-logs-flowlogflowevent";

/**
 * Returns the path of the blob of an interface's flows in one hour. Microsoft's pages show three forms; this is the one
 * that their own script reads (flow-logs-read.md).
 */
export function flowBlobPath(flowLogId: string, macAddress: string, at: Date): string {
  const parts =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/.*\/networkWatchers\/([^/]+)\/flowLogs\/([^/]+)$/i.exec(
      flowLogId,
    );
  const [, subscription = "", group = "", watcher = "", name = ""] = parts ?? [];
  const [year = "", month = "", day = "", hour = ""] = at.toISOString().split(/[-T:]/);
  return (
    `flowLogResourceID=/${`${subscription}_${group}/${watcher}_${name}`.toUpperCase()}/y=${year}/m=${month}/d=${day}` +
    `/h=${hour}/m=00/macAddress=${macAddress.replaceAll("-", "")}/PT1H.json`
  );
}

/**
 * Returns one record of the document in a blob: `{"records":[...]}` (vnet-flow-logs-overview.md, "Sample log record").
 */
export function flowRecord(flowLog: Resource, connection: Connection, tuple: Tuple): JsonObject {
  return {
    time: new Date(tuple.at).toISOString().replace("Z", "0000Z"),
    flowLogVersion: 4,
    flowLogGUID: guidOf(flowLog.id),
    macAddress: connection.macAddress.replaceAll("-", ""),
    category: "FlowLogFlowEvent",
    flowLogResourceID: flowLog.id.toUpperCase(),
    targetResourceID: textAt(flowLog.body, "properties.targetResourceId") ?? "",
    operationName: "FlowLogFlowEvent",
    flowRecords: {
      flows: [
        {
          aclID: connection.aclId,
          flowGroups: [{ rule: connection.rule, flowTuples: [tupleText(connection, tuple)] }],
        },
      ],
    },
  };
}

/** ARM does not show a flow log's GUID, so any stable one is sufficient. */
function guidOf(id: string): string {
  const hex = createHash("md5").update(id.toLowerCase()).digest("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Roles with which an identity can write blobs (built-in-roles.md): Storage Blob Data Contributor and Owner. */
const writerRoles = ["ba92f5b4-2d11-453d-a403-e96b0029c9fe", "b7e6dc6d-f1e8-4753-8033-0f278bb0955b"];

/**
 * Returns the account that a flow log can write to; `undefined` if Azure would silently lose the record: the account
 * does not exist, its firewall blocks trusted services, or Azure can use neither an identity with a role nor the
 * account's keys (vnet-flow-logs-managed-identity.md).
 */
export function writableAccount(store: ResourceReader, flowLog: Resource): Resource | undefined {
  const account = store.get(textAt(flowLog.body, "properties.storageId") ?? "");
  const view = account === undefined ? undefined : findAccount(store, account.name);
  if (account === undefined || view === undefined) return undefined;
  if (view.defaultAction === "Deny" && !view.trustsAzureServices) return undefined;
  const principals = principalsOf(flowLog);
  const mayWrite =
    principals.length === 0 ? view.allowSharedKeyAccess : principals.some((id) => isWriter(store, id, account.id));
  return mayWrite ? account : undefined;
}

function principalsOf({ body }: Resource): string[] {
  const identities = (body.identity as JsonObject | undefined)?.userAssignedIdentities ?? {};
  return Object.values(identities as JsonObject).flatMap((identity) => textAt(identity, "principalId") ?? []);
}

function isWriter(store: ResourceReader, principalId: string, accountId: string): boolean {
  return store
    .ofType("Microsoft.Authorization/roleAssignments")
    .some(
      ({ body }) =>
        sameId(textAt(body, "properties.principalId") ?? "", principalId) &&
        isAtOrBelow(accountId, textAt(body, "properties.scope") ?? "/none") &&
        writerRoles.some((role) => textAt(body, "properties.roleDefinitionId")?.toLowerCase().endsWith(role)),
    );
}
