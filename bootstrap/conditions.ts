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
 * Condition for the deployer: the only role it may assign or remove is Storage Blob Data Contributor, and only for
 * service principals. Azure writes flow logs with an identity that needs this role. Without the condition, the deployer
 * could give any right to anybody.
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

/** Condition for readers of logs: only the containers of the logs can be read, so the state of the stacks cannot. */
export const onlyLogContainers = clause(
  `${containers}/blobs/read`,
  `@Resource[${containers}:name] ForAnyOfAnyValues:StringEquals {${[auditContainerName, activityLogContainerName, flowLogContainerName].map((name) => `'${name}'`).join(", ")}}`,
);

function clause(action: string, allowed: string): string {
  return `((!(ActionMatches{'${action}'})) OR (${allowed}))`;
}
