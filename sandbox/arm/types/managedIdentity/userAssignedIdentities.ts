import { randomUUID } from "node:crypto";
import { objectAt, textAt, type JsonObject } from "../../json.ts";
import { badRequest, type ArmError } from "../../armError.ts";
import type { PutContext } from "../../requestContext.ts";
import { resourceType } from "../../resourceType.ts";

export default resourceType({
  type: "Microsoft.ManagedIdentity/userAssignedIdentities",
  model: "msi:Identity",
  sdk: "managedidentity.UserAssignedIdentity",
  scope: "resourceGroup",
  name: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/,
    code: "InvalidResourceName",
    message: (name) =>
      `The resource name '${name}' is invalid. It must be between 3 and 128 characters long, begin with a letter or digit and hold letters, digits, '-' and '_' alone.`,
  },
  location: "required",
  put: "sync",
  delete: "sync",
  patch: { of: "body", completion: "sync" },
  complete: ({ body, existing, tenantId }) => ({
    body: {
      ...body,
      properties: {
        ...objectAt(body, "properties"),
        tenantId,
        principalId: textAt(existing?.body, "properties.principalId") ?? randomUUID(),
        clientId: textAt(existing?.body, "properties.clientId") ?? randomUUID(),
      },
    },
  }),
});

/**
 * Returns the `identity` member of a resource as ARM shows it: a system-assigned identity gets its principal once and
 * keeps it, a user-assigned one shows its own.
 * @throws ArmError `FailedIdentityOperation` if a user-assigned identity does not exist.
 */
export function completeIdentity(context: PutContext): JsonObject | undefined {
  const asked = objectAt(context.body, "identity");
  const type = textAt(asked, "type");
  if (type === undefined || type === "None") return undefined;
  const before = textAt(context.existing?.body, "identity.principalId");
  const assigned = Object.keys(objectAt(asked, "userAssignedIdentities")).map((id): [string, JsonObject] => {
    const identity = context.store.get(id);
    if (identity === undefined) throw unknownIdentity(context.id, id);
    const principalId = textAt(identity.body, "properties.principalId") ?? "";
    return [id, { principalId, clientId: textAt(identity.body, "properties.clientId") ?? "" }];
  });
  return {
    type,
    ...(type.includes("SystemAssigned") ? { principalId: before ?? randomUUID(), tenantId: context.tenantId } : {}),
    ...(assigned.length === 0 ? {} : { userAssignedIdentities: Object.fromEntries(assigned) }),
  };
}

function unknownIdentity(resourceId: string, identityId: string): ArmError {
  const response = JSON.stringify({
    error: { code: "BadRequest", message: `Resource '${identityId}' was not found.` },
  });
  return badRequest(
    "FailedIdentityOperation",
    `Identity operation for resource '${resourceId}' failed with error 'Failed to perform resource identity operation. Status: 'BadRequest'. Response: '${response}'.'.`,
  );
}
