import { guid } from "@bastion-trail/core/rules/guid";
import { parseCondition } from "../../access/condition.ts";
import { textAt, withProperties, type JsonObject } from "../../json.ts";
import { ArmError, badRequest, conflict } from "../../armError.ts";
import { isAtOrBelow, nameOf, sameId, scopeOf } from "../../ids.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource } from "../../resource.ts";
import { resourceType } from "../../resourceType.ts";
import { clausesOf } from "./filterClauses.ts";
import { isRole, roleDoesNotExist } from "./roleDefinitions.ts";

const roleAssignmentType = "Microsoft.Authorization/roleAssignments";

/** Role assignments (Azure RBAC, role-assignments-rest.md; messages: rbac/troubleshooting.md). */
export default resourceType({
  type: roleAssignmentType,
  model: "authorization:RoleAssignment",
  request: "authorization:RoleAssignmentCreateParameters",
  sdk: "authorization.RoleAssignment",
  scope: "extension",
  name: {
    pattern: guid,
    code: "InvalidRoleAssignmentId",
    message: (name) => `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
  },
  location: "none",
  put: "sync",
  delete: "sync",
  deleteShows: true,
  listed: listedAssignments,
  notFound: (id) => new ArmError(404, "RoleAssignmentNotFound", `The role assignment '${nameOf(id)}' is not found.`),
  check,
  complete(context) {
    const now = context.clock.now().toISOString();
    const before = context.existing?.body;
    return {
      body: withProperties(context.body, {
        principalType: textAt(context.body, "properties.principalType") ?? knownType(context) ?? "User",
        scope: scopeOf(context.id),
        createdOn: textAt(before, "properties.createdOn") ?? now,
        createdBy: textAt(before, "properties.createdBy") ?? context.caller.objectId,
        updatedOn: now,
        updatedBy: context.caller.objectId,
      }),
    };
  },
});

/**
 * Lists all assignments at, above and below the scope. `atScope()` excludes those below, `principalId eq` and
 * `assignedTo()` those of other principals; Azure does not support `atScope()` with `principalId` ("Role Assignments -
 * List For Scope"; azure-rest-api-specs #28255). The sandbox has no groups, so `assignedTo()` is the same as
 * `principalId`.
 */
function listedAssignments(scope: string, filter: string | null): (assignment: Resource) => boolean {
  const clauses = clausesOf(filter).map((clause) => readClause(clause));
  const atScope = clauses.some(({ name }) => name === "atScope");
  const unsupported = clauses.find(({ name }) => name === "principalId" && clauses.length > 1);
  if (unsupported !== undefined) throw unsupportedFilter("principalId");
  return ({ id, body }) => {
    const own = scopeOf(id);
    const principalId = textAt(body, "properties.principalId") ?? "";
    return (
      (isAtOrBelow(scope, own) || (!atScope && isAtOrBelow(own, scope))) &&
      clauses.every(({ principal }) => principal === undefined || sameId(principal, principalId))
    );
  };
}

function readClause(clause: string): { name: string; principal?: string } {
  if (/^atScope\(\)$/i.test(clause)) return { name: "atScope" };
  const principal = /^principalId\s+eq\s+'([^']+)'$/i.exec(clause)?.[1];
  if (principal !== undefined) return { name: "principalId", principal };
  const assigned = /^assignedTo\('([^']+)'\)$/i.exec(clause)?.[1];
  if (assigned !== undefined) return { name: "assignedTo", principal: assigned };
  throw unsupportedFilter(/^\w+/.exec(clause)?.[0] ?? clause);
}

function unsupportedFilter(name: string): ArmError {
  return badRequest(
    "UnsupportedQuery",
    `The filter '${name}' is not supported. Supported filters are either 'atScope()' or 'principalId eq '{value}' or assignedTo('{value}')'.`,
  );
}

function check(context: PutContext): void {
  const principalId = textAt(context.body, "properties.principalId") ?? "";
  const roleId = textAt(context.body, "properties.roleDefinitionId") ?? "";
  if (!guid.test(principalId)) {
    throw badRequest("InvalidPrincipalId", "A valid principal ID must be provided for role assignment.");
  }
  const roleName = nameOf(roleId);
  const named = /\/providers\/Microsoft\.Authorization\/roleDefinitions\/[^/]+$/i.test(roleId);
  if (!named || !isRole(context.store, roleName)) throw roleDoesNotExist(roleName);
  const type = knownType(context);
  const given = textAt(context.body, "properties.principalType");
  if (type !== undefined && given !== undefined && !sameId(type, given)) {
    throw badRequest(
      "UnmatchedPrincipalType",
      `The PrincipalId '${principalId.replaceAll("-", "")}' has type '${type}' , which is different from specified PrinciaplType '${given}'.`,
    );
  }
  checkCondition(context);
  const before = context.existing;
  if (before !== undefined && !isSame(before.body, context.body)) {
    throw badRequest(
      "RoleAssignmentUpdateNotPermitted",
      "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    );
  }
  const twin = context.store
    .ofType(roleAssignmentType)
    .find(
      (other: Resource) =>
        !sameId(other.id, context.id) &&
        sameId(scopeOf(other.id), scopeOf(context.id)) &&
        isSame(other.body, context.body),
    );
  if (twin !== undefined) {
    throw conflict(
      "RoleAssignmentExists",
      `The role assignment already exists. The ID of the existing role assignment is ${twin.name.replaceAll("-", "")}.`,
    );
  }
}

/** Returns the kind of a principal, if known: the sandbox has no directory, only its identities. */
function knownType({ body, store }: PutContext): "ServicePrincipal" | undefined {
  const principalId = textAt(body, "properties.principalId") ?? "";
  const identity = store
    .ofType("Microsoft.ManagedIdentity/userAssignedIdentities")
    .find((one) => sameId(textAt(one.body, "properties.principalId") ?? "", principalId));
  return identity === undefined ? undefined : "ServicePrincipal";
}

/** Azure RBAC, conditions-troubleshoot.md; the codes are not documented. */
function checkCondition({ body }: PutContext): void {
  const condition = textAt(body, "properties.condition");
  const version = textAt(body, "properties.conditionVersion");
  if (condition === undefined && version === undefined) return;
  if (condition === undefined || version !== "2.0") {
    throw badRequest(
      "InvalidConditionVersion",
      `The condition version '${version ?? ""}' is not valid. A condition needs the version '2.0'.`,
    );
  }
  const parsed = parseCondition(condition);
  if (typeof parsed !== "string") return;
  throw badRequest("InvalidCondition", `The given role assignment condition is invalid: ${parsed}.`);
}

function isSame(a: JsonObject, b: JsonObject): boolean {
  const key = (body: JsonObject): string =>
    `${textAt(body, "properties.principalId") ?? ""} ${nameOf(textAt(body, "properties.roleDefinitionId") ?? "")}`.toLowerCase();
  return key(a) === key(b);
}
