import { grantsAt } from "./access/grants.ts";
import { requireKnownVersion } from "./catalog.ts";
import { methodNotAllowed } from "./errors.ts";
import type { HttpAnswer } from "./http.ts";
import { requireScope } from "./locate.ts";
import type { ArmRequest, Plane } from "./plane.ts";

const path = /^(?<scope>\/subscriptions\/[^/]+\/.+)\/providers\/microsoft\.authorization\/permissions$/i;
const versions = ["2015-07-01", "2018-01-01-preview", "2022-04-01"];
/**
 * Answers the rights of the caller's roles at a resource group or a resource (Azure RBAC, "Permissions - List For
 * Resource Group" and "... For Resource"): one entry for each permission of each role that is assigned there or above.
 * @returns undefined for any other path.
 */
export function answerPermissions(plane: Plane, { http, caller, apiVersion }: ArmRequest): HttpAnswer | undefined {
  const scope = path.exec(http.path)?.groups?.scope;
  if (scope === undefined) return undefined;
  if (http.method !== "GET") throw methodNotAllowed(http.method);
  requireKnownVersion("permissions", versions, apiVersion);
  requireScope(plane, scope);
  const grants = grantsAt(plane, caller, scope);
  return { status: 200, body: { value: grants.flatMap(({ permissions }) => permissions) } };
}
