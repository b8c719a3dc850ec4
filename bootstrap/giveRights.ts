/** Which identity gets which right; docs/bootstrap.md explains why. */
import type { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import type { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import { builtInRoles } from "@bastion-trail/core/roles/builtInRoles";
import { deployerFor } from "@bastion-trail/core/roles/deployer";
import { type Grant, grants, type Recipient } from "@bastion-trail/core/roles/grants";
import { roles } from "@bastion-trail/core/roles/index";
import * as conditions from "./conditions.ts";
import type { BootstrapConfig } from "./config.ts";
import type { Principal, Rights, RoleToGive } from "./rights.ts";
import type { SecretsKey } from "./secretsKey.ts";
import type { StateBackend } from "./stateBackend.ts";

/** The recipients of the rights, and the resources that the rights are on. */
export interface Parties {
  readonly backend: StateBackend;
  readonly secrets: SecretsKey;
  readonly reader: UserAssignedIdentity;
  readonly auditor: UserAssignedIdentity;
  readonly deployer: UserAssignedIdentity;
  /**
   * The identity that runs the program. Owner of a subscription includes no right on data, and the program's own state
   * moves to the backend.
   */
  readonly caller: Principal;
}

/**
 * Assigns every right.
 * @returns the assignments on the state, which are covered by its lock.
 */
export function giveRights(rights: Rights, config: BootstrapConfig, parties: Parties): RoleAssignment[] {
  const principals = principalsOf(config, parties);
  const scopes = { subscription: undefined, state: parties.backend.containerId, key: parties.secrets.keyId };
  const given = grants.flatMap((grant): [Grant["on"], RoleAssignment][] => {
    const principal = principals[grant.to];
    if (principal === undefined) return [];
    const role = roleOf(grant, rights, config);
    const limits = { scope: scopes[grant.on], condition: conditionOf(grant, config) };
    return [[grant.on, rights.give(principal, grant.name, role, limits)]];
  });
  return given.flatMap(([on, assignment]) => (on === "state" ? [assignment] : []));
}

function principalsOf(
  { operatorsGroupId, requestersGroupId, analystsGroupId }: BootstrapConfig,
  { reader, auditor, deployer, caller }: Parties,
): Readonly<Record<Recipient, Principal | undefined>> {
  return {
    reader: servicePrincipal("reader", reader),
    auditor: servicePrincipal("auditor", auditor),
    deployer: servicePrincipal("deployer", deployer),
    caller,
    operators: group("operators", operatorsGroupId),
    requesters: group("requesters", requestersGroupId),
    analysts: group("analysts", analystsGroupId),
  };
}

function roleOf({ role }: Grant, rights: Rights, config: BootstrapConfig): RoleToGive {
  if (isBuiltIn(role)) return role;
  return rights.define(role, role === "deployer" ? deployerFor(config) : roles[role]);
}

function isBuiltIn(role: Grant["role"]): role is keyof typeof builtInRoles {
  return role in builtInRoles;
}

/** Without flow logs, the deployer assigns no role, so its right has no condition. */
function conditionOf({ condition, to }: Grant, { flowLogs }: BootstrapConfig): string | undefined {
  return condition === undefined || (to === "deployer" && !flowLogs) ? undefined : conditions[condition];
}

function servicePrincipal(name: string, { principalId }: UserAssignedIdentity): Principal {
  return { name, id: principalId, type: "ServicePrincipal" };
}

function group(name: string, id: string | undefined): Principal | undefined {
  return id === undefined ? undefined : { name, id, type: "Group" };
}
