import { textAt, textsAt, withProperties } from "../../bodies.ts";
import { list, obj, oneOf, proxy, readOnlyMembers, required, str } from "../../fields.ts";
import { ArmError, sameId } from "../../model.ts";
import type { PutContext, TypeRules } from "../../model.ts";
import { nameOf } from "../references.ts";
import { guid } from "./roleAssignments.ts";

const roleDefinitionType = "Microsoft.Authorization/roleDefinitions";

/** Built-in roles that this project's documents name (Azure RBAC, built-in-roles.md). */
const builtIn = new Map([
  ["8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"],
  ["b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor"],
  ["acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader"],
  ["18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator"],
  ["9980e02c-c2be-4d73-94e8-173b1dc7cf3c", "Virtual Machine Contributor"],
  ["1c0163c0-47e6-4577-8991-ea5c82e286e4", "Virtual Machine Administrator Login"],
  ["fb879df8-f326-4884-b1cf-06f3ad86be52", "Virtual Machine User Login"],
  ["4d97b98b-1d4f-4787-a291-c67834d212e7", "Network Contributor"],
  ["ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor"],
  ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader"],
  ["92aaf0da-9dab-42b6-94a3-d43ce8d16293", "Log Analytics Contributor"],
  ["73c42c96-874c-492b-b04d-ab87d138a893", "Log Analytics Reader"],
  ["749f88d5-cbae-40b8-bcfc-e573ddc772fa", "Monitoring Contributor"],
  ["43d0d8ad-25c7-4714-9337-8ba259a9fe05", "Monitoring Reader"],
  ["fb1c8493-542b-48eb-b624-b4c8fea62acd", "Security Admin"],
  ["39bc4728-0917-49c7-9d2c-d95423bc2eb4", "Security Reader"],
]);

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
    const roleName = builtIn.get(nameOf(id).toLowerCase());
    if (roleName === undefined) return undefined;
    return {
      id,
      type: roleDefinitionType,
      name: nameOf(id),
      body: { properties: { roleName, type: "BuiltInRole", assignableScopes: ["/"] } },
    };
  },
};

function check(context: PutContext): void {
  if (builtIn.has(context.name.toLowerCase())) {
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
  if (twin !== undefined || [...builtIn.values()].includes(roleName)) {
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
