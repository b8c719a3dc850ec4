/** Who gets which right. docs/bootstrap.md says why. */
import type { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import type { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import { deployer as deployerRole } from "@bastion-trail/core/roles/deployer";
import { doctor } from "@bastion-trail/core/roles/doctor";
import { operator } from "@bastion-trail/core/roles/operator";
import { requester } from "@bastion-trail/core/roles/requester";
import type { Role } from "@bastion-trail/core/roles/role";
import { onlyBlobWriters, onlyLogContainers } from "./conditions.ts";
import type { BootstrapConfig } from "./config.ts";
import type { Principal, Rights } from "./rights.ts";
import type { SecretsKey } from "./secretsKey.ts";
import type { StateBackend } from "./stateBackend.ts";

/** Of whom, and on what, the pipelines' rights are. */
export interface PipelineParties {
  readonly backend: StateBackend;
  readonly secrets: SecretsKey;
  readonly reader: UserAssignedIdentity;
  readonly deployer: UserAssignedIdentity;
  /** Whoever runs the program: Owner of a subscription includes no right on data, and the program's own state moves to the backend. */
  readonly caller: Principal;
}

/** @returns the rights on the state, which a lock on it covers. */
export function givePipelineRights(
  rights: Rights,
  { flowLogs }: BootstrapConfig,
  parties: PipelineParties,
): RoleAssignment[] {
  const { backend, secrets, caller } = parties;
  const reader = servicePrincipal("reader", parties.reader);
  const deployer = servicePrincipal("deployer", parties.deployer);
  rights.give(reader, "reads", "reader");
  rights.give(deployer, "deploys", rights.define("deployer", deployerRights(flowLogs)), {
    ...(flowLogs && { condition: onlyBlobWriters }),
  });
  for (const principal of [reader, deployer, caller]) {
    rights.give(principal, "uses-key", "keyVaultCryptoUser", { scope: secrets.keyId });
  }
  return [
    rights.give(reader, "reads-state", "storageBlobDataReader", { scope: backend.containerId }),
    ...[deployer, caller].map((principal) =>
      rights.give(principal, "writes-state", "storageBlobDataContributor", { scope: backend.containerId }),
    ),
  ];
}

/** Without flow logs there is no identity to give a role to. */
export function deployerRights(flowLogs: boolean): Role {
  if (flowLogs) return deployerRole;
  const actions = deployerRole.actions.filter(
    (action) => !action.startsWith("Microsoft.Authorization/roleAssignments/"),
  );
  return { ...deployerRole, actions };
}

/** Roles of people, by the groups that the config names. */
export function giveGroupRights(rights: Rights, config: BootstrapConfig): void {
  const { operatorsGroupId, requestersGroupId, analystsGroupId } = config;
  if (operatorsGroupId !== undefined) {
    const operators = group("operators", operatorsGroupId);
    rights.give(operators, "operate", rights.define("operator", operator));
    rights.give(operators, "diagnose", rights.define("doctor", doctor));
  }
  if (requestersGroupId !== undefined) {
    rights.give(group("requesters", requestersGroupId), "request", rights.define("requester", requester));
  }
  if (analystsGroupId !== undefined) {
    const analysts = group("analysts", analystsGroupId);
    rights.give(analysts, "query", "logAnalyticsReader");
    rights.give(analysts, "read-logs", "storageBlobDataReader", { condition: onlyLogContainers });
  }
}

function servicePrincipal(name: string, { principalId }: UserAssignedIdentity): Principal {
  return { name, id: principalId, type: "ServicePrincipal" };
}

function group(name: string, id: string): Principal {
  return { name, id, type: "Group" };
}
