import { ownerIdOf } from "../../ids.ts";
import { flagAt, numberAt, objectAt, textAt, withProperties, type JsonObject } from "../../json.ts";
import type { ActionContext, PutContext } from "../../requestContext.ts";
import type { ActionResult } from "../../typeRules.ts";
import type { Resource } from "../../resource.ts";
import { ArmError, conflict } from "../../armError.ts";
import { resourceType } from "../../resourceType.ts";
import { invalidValues, onlyDefault } from "./requests.ts";
import { bareEtag, wireEtag } from "../../etags.ts";

const type = "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies";

/** A locked policy can be extended five times (azure-docs, immutable-time-based-retention-policy-overview). */
const longestExtensions = 5;

/** `…/containers/{name}/immutabilityPolicies/default`: created unlocked, locked by POST, and never unlocked again. */
export default resourceType({
  type,
  model: "storage:ImmutabilityPolicy",
  sdk: "storage.BlobContainerImmutabilityPolicy",
  etag: true,
  scope: "child",
  name: onlyDefault("immutability policy"),
  location: "none",
  refine: {
    "ImmutabilityPolicyProperty.immutabilityPeriodSinceCreationInDays": { required: true, min: 1, max: 146_000 },
  },
  put: "sync",
  createdStatus: 200,
  delete: "sync",
  check,
  complete: ({ body }) => ({
    body: { properties: { allowProtectedAppendWrites: false, ...objectAt(body, "properties"), state: "Unlocked" } },
  }),
  checkDelete({ existing, root }) {
    // If the resource that has the policy is deleted, that resource's own check decides.
    if (root === existing && isLocked(existing)) notAllowed();
  },
  // Shown for a container without a policy (pulumi-azure-native #2154).
  implied(id, reader) {
    const container = reader.get(ownerIdOf(id));
    const body = { properties: { immutabilityPeriodSinceCreationInDays: 0, state: "Unlocked" } };
    return container === undefined ? undefined : { id, type, name: "default", body };
  },
  answers: { lock: "storage:ImmutabilityPolicy", extend: "storage:ImmutabilityPolicy" },
  actions: { lock, extend },
});

function check({ body, existing }: PutContext): void {
  if (
    flagAt(body, "properties.allowProtectedAppendWrites") === true &&
    flagAt(body, "properties.allowProtectedAppendWritesAll") === true
  ) {
    throw invalidValues("allowProtectedAppendWrites, allowProtectedAppendWritesAll");
  }
  if (existing !== undefined && isLocked(existing)) notAllowed();
}

function lock(context: ActionContext): ActionResult {
  checkEtag(context);
  const { resource, store } = context;
  if (isLocked(resource) || numberAt(resource.body, "properties.immutabilityPeriodSinceCreationInDays") === 0) {
    notAllowed();
  }
  return shown(store.put({ ...resource, body: withProperties(resource.body, { state: "Locked" }) }));
}

function extend(context: ActionContext): ActionResult {
  checkEtag(context);
  const { resource, store, body } = context;
  const before = numberAt(resource.body, "properties.immutabilityPeriodSinceCreationInDays") ?? 0;
  const days = numberAt(body, "properties.immutabilityPeriodSinceCreationInDays");
  const extensions = numberAt(resource.secrets, "extensions") ?? 0;
  if (days === undefined || !Number.isInteger(days) || days > 146_000) {
    throw invalidValues("immutabilityPeriodSinceCreationInDays");
  }
  if (!isLocked(resource) || days <= before || extensions >= longestExtensions) notAllowed();
  return shown(
    store.put({
      ...resource,
      body: withProperties(resource.body, { immutabilityPeriodSinceCreationInDays: days }),
      secrets: { extensions: extensions + 1 },
    }),
  );
}

function shown(policy: Resource): ActionResult {
  const { id, name, body } = policy;
  const answer: JsonObject = { id, name, type: policy.type, etag: wireEtag(policy), ...body };
  return { status: 200, body: answer };
}

function isLocked(policy: Pick<Resource, "body">): boolean {
  return textAt(policy.body, "properties.state") === "Locked";
}

function checkEtag({ resource, headers }: ActionContext): void {
  const given = Object.entries(headers).find(([name]) => name.toLowerCase() === "if-match")?.[1];
  if (given !== "*" && (given === undefined || bareEtag(given) !== resource.etag)) {
    throw new ArmError(
      412,
      "ContainerImmutabilityPolicyFailure",
      "Operation not allowed on immutability policy with incorrect etag.",
    );
  }
}

function notAllowed(): never {
  throw conflict(
    "ContainerImmutabilityPolicyFailure",
    "Operation not allowed on immutability policy with current state.",
  );
}
