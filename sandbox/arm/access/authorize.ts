import { textAt, textsAt, type JsonObject } from "../json.ts";
import { jsonBody } from "../http.ts";
import { ArmError } from "../armError.ts";
import type { Caller } from "../caller.ts";
import type { ArmRequest, Plane } from "../plane.ts";
import type { Resource } from "../resource.ts";
import { parseCondition, type ConditionFacts } from "./condition.ts";
import { grantsAt, grantsWithin, isUnlimited, type Grant } from "./grants.ts";
import { linkedNeeds } from "./linkedNeeds.ts";
import { needOf, readNeed, type Need } from "./need.ts";

const noFacts: Omit<ConditionFacts, "action"> = { request: {}, resource: {} };

/**
 * Refuses a request that the sender's roles do not allow, before anything else is checked, as ARM does.
 * @throws ArmError AuthorizationFailed, LinkedAuthorizationFailed (azure-docs, rbac/troubleshooting.md;
 * azuredisk-csi-driver #2609)
 */
export function authorize(plane: Plane, { http, caller }: ArmRequest): void {
  if (isUnlimited(plane, caller)) return;
  const need = needOf(plane, http.method, http.path);
  if (need === undefined) return;
  const body = bodyOf(() => jsonBody(http));
  const facts = attributesOf(plane, need, body);
  plane.needs.note(caller, need.action);
  if (!isGiven(plane, caller, need, facts) && !isListable(plane, caller, need)) throw refusal(caller, need);
  if (http.method === "GET" || http.method === "HEAD") return;
  const linked = linkedNeeds({ need, body, store: plane.store });
  for (const { action } of linked) plane.needs.note(caller, action);
  const missing = linked.find((one) => !isGiven(plane, caller, one));
  if (missing !== undefined) throw linkedRefusal(caller, need, missing);
}

/**
 * Returns which resources a list shows: those that the caller may read (win-acme #1834, teleport #66631). A right at the
 * scope of the list is enough for all, such as the role assignments above it.
 */
export function listedFor(plane: Plane, { http, caller }: ArmRequest): (resource: Resource) => boolean {
  const need = needOf(plane, http.method, http.path);
  if (need === undefined || isUnlimited(plane, caller) || isGiven(plane, caller, need)) return () => true;
  return (resource) => isGiven(plane, caller, readNeed(resource));
}

/** Whether the caller may read some of the resources of a list. */
function isListable(plane: Plane, caller: Caller, need: Need): boolean {
  if (need.list !== true) return false;
  return grantsWithin(plane, caller, need.scope).some((grant) => gives(grant, need, noFacts, "actions"));
}

/** Whether the caller has a right. For requests that show less without it, instead of being refused. */
export function may(plane: Plane, caller: Caller, need: Need): boolean {
  if (isUnlimited(plane, caller)) return true;
  plane.needs.note(caller, need.action);
  return isGiven(plane, caller, need) || isListable(plane, caller, need);
}

/** Whether the caller has a right outside Azure Resource Manager, on data or on a resource that contains data. */
export function mayBeside(
  plane: Plane,
  caller: Caller,
  need: Need & { readonly data: boolean; readonly resource: ConditionFacts["resource"] },
): boolean {
  if (isUnlimited(plane, caller)) return true;
  const facts = { request: {}, resource: need.resource };
  return isGiven(plane, caller, need, facts, need.data ? "dataActions" : "actions");
}

function isGiven(
  plane: Plane,
  caller: Caller,
  need: Need,
  facts: Omit<ConditionFacts, "action"> = noFacts,
  kind: "actions" | "dataActions" = "actions",
): boolean {
  return grantsAt(plane, caller, need.scope).some((grant) => gives(grant, need, facts, kind));
}

function gives(
  { permissions, condition }: Grant,
  { action }: Need,
  facts: Omit<ConditionFacts, "action">,
  kind: "actions" | "dataActions",
): boolean {
  const without = kind === "actions" ? "notActions" : "notDataActions";
  const included = permissions.some(
    (permission) => matches(textsAt(permission, kind), action) && !matches(textsAt(permission, without), action),
  );
  if (!included || condition === undefined) return included;
  const parsed = parseCondition(condition);
  return typeof parsed === "function" && parsed({ ...facts, action });
}

/** A `*` matches any text (Azure RBAC, role-definitions.md). */
function matches(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replaceAll(/[.\\+?^${}()|[\]]/g, String.raw`\$&`));
    return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
  });
}

const assignments = "Microsoft.Authorization/roleAssignments";

/**
 * Returns the attributes of a role assignment to write or delete that a condition can check
 * (delegate-role-assignments-examples.md).
 */
function attributesOf(plane: Plane, need: Need, body: JsonObject): Omit<ConditionFacts, "action"> {
  if (!need.action.toLowerCase().startsWith(`${assignments.toLowerCase()}/`)) return noFacts;
  return { request: attributes(body), resource: attributes(plane.store.get(need.scope)?.body) };
}

function attributes(body: JsonObject | undefined): Record<string, string> {
  const role = textAt(body, "properties.roleDefinitionId")?.split("/").at(-1);
  const values = {
    RoleDefinitionId: role,
    PrincipalId: textAt(body, "properties.principalId"),
    PrincipalType: textAt(body, "properties.principalType"),
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[`${assignments}:${name}`, value]])),
  );
}

/** Returns the body; empty if it is malformed, which the handler of the request refuses. */
function bodyOf(read: () => JsonObject): JsonObject {
  try {
    return read();
  } catch {
    return {};
  }
}

function refusal(caller: Caller, { action, scope }: Need): ArmError {
  return new ArmError(
    403,
    "AuthorizationFailed",
    `The client '${nameOf(caller)}' with object id '${caller.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

function linkedRefusal(caller: Caller, need: Need, missing: Need): ArmError {
  return new ArmError(
    403,
    "LinkedAuthorizationFailed",
    `The client '${nameOf(caller)}' with object id '${caller.objectId}' has permission to perform action '${need.action}' on scope '${need.scope}'; however, it does not have permission to perform action(s) '${missing.action}' on the linked scope(s) '${missing.scope}' (respectively) or the linked scope(s) are invalid.`,
  );
}

function nameOf({ upn, appId, objectId }: Caller): string {
  return upn ?? appId ?? objectId;
}
