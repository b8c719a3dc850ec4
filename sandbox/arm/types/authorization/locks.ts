import { textAt } from "../../json.ts";
import { isAtOrBelow, nameOf, scopeOf } from "../../ids.ts";
import { ArmError, badRequest } from "../../armError.ts";
import { resourceType } from "../../resourceType.ts";

/** Management locks (Azure Resource Manager, lock-resources.md). */
export default resourceType({
  type: "Microsoft.Authorization/locks",
  model: "locks:ManagementLockObject",
  sdk: "authorization.ManagementLockByScope",
  scope: "extension",
  name: {
    pattern: /^[^<>%&?\\/\s.](?:[^<>%&?\\/]{0,88}[^<>%&?\\/\s.])?$/,
    code: "InvalidLockName",
    message: (name) =>
      `The lock name '${name}' is invalid. It can be up to 90 characters long and cannot contain '<', '>', '%', '&', '\\', '?', '/', or end with a period or space.`,
  },
  location: "none",
  refine: { "ManagementLockObject.properties": { required: true } },
  put: "sync",
  delete: "sync",
  notFound: (id) => new ArmError(404, "LockNotFound", `The lock '${nameOf(id)}' could not be found.`),
  // All locks at, above and below the scope, with `atScope()` not those below (`Get-AzResourceLock`, `-AtScope`).
  listed(scope, filter) {
    const atScope = filter !== null && /^\s*atScope\(\)\s*$/i.test(filter);
    if (filter !== null && !atScope) {
      throw badRequest("UnsupportedQuery", `The filter '${filter}' is not supported. Supported is atScope().`);
    }
    return ({ id }) => {
      const own = scopeOf(id);
      return isAtOrBelow(scope, own) || (!atScope && isAtOrBelow(own, scope));
    };
  },
  check({ body }) {
    if ((textAt(body, "properties.notes") ?? "").length <= 512) return;
    throw badRequest("LockNotesTooLong", "The notes of a lock cannot be longer than 512 characters.");
  },
});
