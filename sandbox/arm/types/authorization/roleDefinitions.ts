import { textAt, textsAt, withProperties } from "../../bodies.ts";
import { list, obj, oneOf, proxy, readOnlyMembers, required, str } from "../../fields.ts";
import { ArmError, sameId } from "../../model.ts";
import type { PutContext, TypeRules } from "../../model.ts";
import { nameOf } from "../references.ts";
import { builtInRoles } from "./builtInRoles.ts";
import { guid } from "./roleAssignments.ts";

const roleDefinitionType = "Microsoft.Authorization/roleDefinitions";

const actions = list(str());

/** Role definitions: built-in ones can be read by id, custom ones written (Azure RBAC, custom-roles-rest.md). */
export const roleDefinitions: TypeRules = {
  type: roleDefinitionType,
  apiVersions: ["2015-07-01", "2018-01-01-preview", "2022-04-01", "2022-05-01-preview"],
  scope: "extension",
  name: {
    pattern: guid,
    code: "InvalidRoleDefinitionId",
    message: (name) => `The role definition ID '${name}' is not valid. The role definition ID must be a GUID.`,
  },
  location: "none",
  shape: proxy(
    required(
      obj({
        assignableScopes: required(list(str())),
        description: str(),
        permissions: required(
          list(obj({ actions, dataActions: actions, notActions: actions, notDataActions: actions })),
        ),
        roleName: required(str()),
        type: oneOf("CustomRole", "BuiltInRole"),
        ...readOnlyMembers("createdBy", "createdOn", "updatedBy", "updatedOn"),
      }),
    ),
  ),
  put: "sync",
  delete: "sync",
  check,
  complete: ({ body }) => ({ body: withProperties(body, { type: "CustomRole" }) }),
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
};

function check(context: PutContext): void {
  if (builtInRoles.has(context.name.toLowerCase())) {
    throw new ArmError(
      400,
      "RoleDefinitionIsBuiltIn",
      `The role definition with ID '${context.name}' is built in and cannot be changed.`,
    );
  }
  const roleName = textAt(context.body, "properties.roleName") ?? "";
  const twin = context.store
    .ofType(roleDefinitionType)
    .find((other) => !sameId(other.id, context.id) && textAt(other.body, "properties.roleName") === roleName);
  if (twin !== undefined || [...builtInRoles.values()].some((role) => role.roleName === roleName)) {
    throw new ArmError(
      409,
      "RoleDefinitionWithSameNameExists",
      `A custom role with the same name already exists in this directory. Use a different name. Role name: '${roleName}'.`,
    );
  }
  if (textsAt(context.body, "properties.assignableScopes").length === 0) {
    throw new ArmError(
      400,
      "MissingAssignableScopes",
      "A custom role definition must have at least one assignable scope.",
    );
  }
}
