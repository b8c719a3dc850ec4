import { guid } from "@bastion-trail/core/rules/guid";
import { textAt, textsAt, withProperties } from "../../json.ts";
import { ArmError, badRequest, conflict } from "../../armError.ts";
import { isAtOrBelow, sameId, nameOf } from "../../ids.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { resourceType } from "../../resourceType.ts";
import { builtInRoles } from "./builtInRoles.ts";
import { clausesOf } from "./filterClauses.ts";

const roleDefinitionType = "Microsoft.Authorization/roleDefinitions";

/**
 * Role definitions: built-in ones can be read, custom ones written (Azure RBAC, custom-roles-rest.md). A role is the
 * same at every scope at which it is read; its id is that of the subscription.
 */
export default resourceType({
  type: roleDefinitionType,
  model: "authorization:RoleDefinition",
  sdk: "authorization.RoleDefinition",
  scope: "extension",
  name: {
    pattern: guid,
    code: "InvalidRoleDefinitionId",
    message: (name) => `The role definition ID '${name}' is not valid. The role definition ID must be a GUID.`,
  },
  location: "none",
  refine: {
    "RoleDefinition.properties": { required: true },
    "RoleDefinition.properties.assignableScopes": { required: true },
    "RoleDefinition.properties.permissions": { required: true },
    "RoleDefinition.properties.roleName": { required: true },
    "RoleDefinition.properties.type": { oneOf: ["CustomRole", "BuiltInRole"] },
  },
  put: "sync",
  delete: "sync",
  deleteShows: true,
  check,
  checkDelete({ existing, store }) {
    const isUsed = store
      .ofType("Microsoft.Authorization/roleAssignments")
      .some(({ body }) => sameId(nameOf(textAt(body, "properties.roleDefinitionId") ?? ""), existing.name));
    if (!isUsed) return;
    // azure-docs, rbac/troubleshooting.md, "Unable to delete a custom role".
    throw badRequest("RoleDefinitionHasAssignments", "There are existing role assignments referencing role.");
  },
  complete: ({ body }) => ({ body: withProperties(body, { type: "CustomRole" }) }),
  homeOf: (id) => id.replace(/^(\/subscriptions\/[^/]+)\/.*(\/providers\/[^/]+\/[^/]+\/[^/]+)$/i, "$1$2"),
  listed: listedRoles,
  impliedNames: () => [...builtInRoles.keys()],
  notFound: (id) => roleDoesNotExist(nameOf(id)),
  implied(id) {
    const role = builtInRoles.get(nameOf(id).toLowerCase());
    if (role === undefined) return undefined;
    const { roleName, permissions } = role;
    return {
      id,
      type: roleDefinitionType,
      name: nameOf(id),
      body: {
        properties: {
          roleName,
          type: "BuiltInRole",
          assignableScopes: ["/"],
          ...(permissions && { permissions: [permissions] }),
        },
      },
    };
  },
});

function check(context: PutContext): void {
  if (builtInRoles.has(context.name.toLowerCase())) {
    throw badRequest(
      "RoleDefinitionIsBuiltIn",
      `The role definition with ID '${context.name}' is built in and cannot be changed.`,
    );
  }
  const roleName = textAt(context.body, "properties.roleName") ?? "";
  const twin = context.store
    .ofType(roleDefinitionType)
    .find((other) => !sameId(other.id, context.id) && textAt(other.body, "properties.roleName") === roleName);
  if (twin !== undefined || [...builtInRoles.values()].some((role) => role.roleName === roleName)) {
    throw conflict(
      "RoleDefinitionWithSameNameExists",
      `A custom role with the same name already exists in this directory. Use a different name. Role name: '${roleName}'.`,
    );
  }
  if (textsAt(context.body, "properties.assignableScopes").length === 0) {
    throw badRequest("MissingAssignableScopes", "A custom role definition must have at least one assignable scope.");
  }
}

/**
 * Lists the roles that can be assigned at the scope; with `atScopeAndBelow()` also those that can be assigned only
 * below it. Filters by `roleName` and `type` ("Role Definitions - List"; rbac, custom-roles-rest.md).
 */
function listedRoles(scope: string, filter: string | null): (role: Resource) => boolean {
  const clauses = clausesOf(filter);
  const isBelow = (clause: string): boolean => /^atScopeAndBelow\(\)$/i.test(clause);
  const withBelow = clauses.some(isBelow);
  const tests = clauses.filter((clause) => !isBelow(clause)).map(roleTest);
  return (role) => {
    const assignable = textsAt(role.body, "properties.assignableScopes");
    const here = assignable.some(
      (each) => each === "/" || isAtOrBelow(scope, each) || (withBelow && isAtOrBelow(each, scope)),
    );
    return here && tests.every((test) => test(role));
  };
}

function roleTest(clause: string): (role: Resource) => boolean {
  const [, member = "", quoted = ""] = /^(roleName|type)\s+eq\s+'((?:[^']|'')*)'$/i.exec(clause) ?? [];
  if (member === "") {
    throw badRequest(
      "UnsupportedQuery",
      `The filter '${clause}' is not supported. Supported filters are atScopeAndBelow(), roleName eq '{value}' and type eq '{value}'.`,
    );
  }
  const path = `properties.${member.toLowerCase() === "type" ? "type" : "roleName"}`;
  const value = quoted.replaceAll("''", "'");
  return ({ body }) => sameId(textAt(body, path) ?? "", value);
}

/** Whether a GUID identifies a role: a built-in one that the sandbox knows, or a custom one. */
export function isRole(reader: ResourceReader, name: string): boolean {
  return (
    builtInRoles.has(name.toLowerCase()) ||
    reader.ofType(roleDefinitionType).some((definition) => sameId(definition.name, name))
  );
}

export function roleDoesNotExist(name: string): ArmError {
  return new ArmError(
    404,
    "RoleDefinitionDoesNotExist",
    `The specified role definition with ID '${name}' does not exist.`,
  );
}
