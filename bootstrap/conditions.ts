/** Conditions of role assignments (Azure RBAC, conditions-format.md and delegate-role-assignments-examples.md). */
import {
  activityLogContainerName,
  auditContainerName,
  flowLogContainerName,
} from "@bastion-trail/core/links/archivePath";
import { builtInRoles } from "@bastion-trail/core/roles/builtInRoles";

const assignments = "Microsoft.Authorization/roleAssignments";
const containers = "Microsoft.Storage/storageAccounts/blobServices/containers";

/**
 * For who deploys: of all roles, only Storage Blob Data Contributor may be given or taken away, and only to or from service principals. Azure
 * writes flow logs with an identity that needs that role. Without the condition, whoever deploys could give any right to anybody.
 */
export const onlyBlobWriters = [
  clause(`${assignments}/write`, onlyWriters("@Request")),
  clause(`${assignments}/delete`, onlyWriters("@Resource")),
].join(" AND ");

function onlyWriters(source: "@Request" | "@Resource"): string {
  return [
    `${source}[${assignments}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${builtInRoles.storageBlobDataContributor}}`,
    `${source}[${assignments}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}`,
  ].join(" AND ");
}

/** For who reads logs: no container but those of the logs, so not the state of the stacks. */
export const onlyLogContainers = clause(
  `${containers}/blobs/read`,
  `@Resource[${containers}:name] ForAnyOfAnyValues:StringEquals {${[auditContainerName, activityLogContainerName, flowLogContainerName].map((name) => `'${name}'`).join(", ")}}`,
);

function clause(action: string, allowed: string): string {
  return `((!(ActionMatches{'${action}'})) OR (${allowed}))`;
}
