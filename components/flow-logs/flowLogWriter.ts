/** The identity with which Azure writes flow logs (vnet-flow-logs-managed-identity.md). */
import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import type { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";
import * as authorization from "@pulumi/azure-native/types/enums/authorization/index.js";
import * as pulumi from "@pulumi/pulumi";
import { builtInRoles, roleDefinitionType } from "@bastion-trail/core/roles/builtInRoles";
import { keptByScope } from "../shared/extensionScope.ts";
import { guidOf } from "../shared/guidOf.ts";
import type { Placement } from "../shared/placement.ts";

interface FlowLogWriterArgs extends Placement {
  readonly account: StorageAccount;
  readonly flowLogNamePrefix: pulumi.Input<string>;
}

export interface FlowLogWriter {
  readonly identity: UserAssignedIdentity;
  /** Its right to write blobs of the account. */
  readonly mayWrite: RoleAssignment;
}

export function createFlowLogWriter(
  name: string,
  { account, flowLogNamePrefix, ...placement }: FlowLogWriterArgs,
  opts: pulumi.CustomResourceOptions,
): FlowLogWriter {
  const identity = new UserAssignedIdentity(
    `${name}-writer`,
    { ...placement, resourceName: pulumi.interpolate`${flowLogNamePrefix}-flow-logs` },
    opts,
  );
  const mayWrite = new RoleAssignment(
    `${name}-may-write`,
    {
      scope: account.id,
      roleAssignmentName: pulumi.all([account.id, identity.principalId]).apply(guidOf),
      principalId: identity.principalId,
      // Without the type, Azure looks up the new identity in Entra ID, which may not know it yet
      // (role-assignments-template.md).
      principalType: authorization.PrincipalType.ServicePrincipal,
      roleDefinitionId: account.id.apply(
        (id) => `${subscriptionOf(id)}/providers/${roleDefinitionType}/${builtInRoles.storageBlobDataContributor}`,
      ),
    },
    { ...opts, ...keptByScope("scope", account.id) },
  );
  return { identity, mayWrite };
}

function subscriptionOf(id: string): string {
  return id.split("/").slice(0, 3).join("/");
}
