import { flagAt, objectAt, objectsAt, textAt, textsAt, valueAt, type JsonObject } from "../../json.ts";
import type { PutContext } from "../../requestContext.ts";
import { ArmError, badRequest } from "../../armError.ts";
import { resourceType } from "../../resourceType.ts";
import { onlyDefault } from "./requests.ts";

const tiers = ["tierToCool", "tierToArchive", "tierToCold", "tierToHot"] as const;

/** `…/managementPolicies/default`: the account's lifecycle rules (azure-docs, lifecycle-management-policy-structure.md). */
export default resourceType({
  type: "Microsoft.Storage/storageAccounts/managementPolicies",
  model: "storage:ManagementPolicy",
  sdk: "storage.ManagementPolicy",
  scope: "child",
  name: onlyDefault("management policy"),
  location: "none",
  refine: {
    ...Object.fromEntries(
      [
        "DateAfterCreation.daysAfterCreationGreaterThan",
        "DateAfterCreation.daysAfterLastTierChangeGreaterThan",
        "DateAfterModification.daysAfterCreationGreaterThan",
        "DateAfterModification.daysAfterLastAccessTimeGreaterThan",
        "DateAfterModification.daysAfterLastTierChangeGreaterThan",
        "DateAfterModification.daysAfterModificationGreaterThan",
      ].map((member) => [member, { kind: "integer", min: 0, max: 99_999 }]),
    ),
    "ManagementPolicyFilter.blobIndexMatch": { maxItems: 10 },
    "ManagementPolicyFilter.prefixMatch": { maxItems: 10 },
    "ManagementPolicyRule.name": { pattern: /^[A-Za-z0-9_-]{1,256}$/ },
    "ManagementPolicySchema.rules": { maxItems: 100 },
  },
  put: "sync",
  createdStatus: 200,
  delete: "sync",
  notFound: (id) =>
    new ArmError(
      404,
      "ManagementPolicyNotFound",
      `No ManagementPolicy found for account ${id.split("/").at(-3) ?? ""}`,
    ),
  check,
  complete: ({ body, clock }) => ({
    body: {
      properties: { ...objectAt(body, "properties"), lastModifiedTime: clock.now().toISOString() },
    },
  }),
});

function check({ body, store, parentId }: PutContext): void {
  const rules = objectsAt(body, "properties.policy.rules");
  if (rules.length === 0) invalid("a policy must have at least one rule");
  const names = new Set<string>();
  for (const rule of rules) {
    const name = textAt(rule, "name") ?? "";
    if (names.has(name)) invalid(`two rules have the name '${name}'`);
    names.add(name);
    checkRule(name, rule);
  }
  const account = parentId === undefined ? undefined : store.get(parentId);
  const usesAccessTime = JSON.stringify(rules).includes("daysAfterLastAccessTimeGreaterThan");
  const blobService = store.get(`${account?.id ?? ""}/blobServices/default`);
  if (usesAccessTime && flagAt(blobService?.body, "properties.lastAccessTimeTrackingPolicy.enable") !== true) {
    invalid("daysAfterLastAccessTimeGreaterThan needs last access time tracking to be enabled on the blob service");
  }
}

function checkRule(name: string, rule: JsonObject): void {
  const actions = objectAt(rule, "definition.actions");
  const parts = ["baseBlob", "snapshot", "version"].filter((part) => Object.keys(objectAt(actions, part)).length > 0);
  if (parts.length === 0) invalid(`rule '${name}' has no action`);
  const blobTypes = textsAt(rule, "definition.filters.blobTypes");
  if (blobTypes.length === 0) {
    invalid(`rule '${name}' needs at least one of blockBlob, appendBlob in filters.blobTypes`);
  }
  const tiered = parts.flatMap((part) => tiers.filter((tier) => valueAt(actions, `${part}.${tier}`) !== undefined));
  if (blobTypes.includes("appendBlob") && tiered.length > 0) {
    invalid(`rule '${name}' has the action ${tiered.join(", ")}, but for appendBlob only delete is supported`);
  }
  for (const tier of [...tiers, "delete"]) {
    const condition = valueAt(actions, `baseBlob.${tier}`);
    if (condition !== undefined && Object.keys(objectAt(actions, `baseBlob.${tier}`)).length === 0) {
      invalid(`rule '${name}' has no condition for ${tier}`);
    }
  }
  for (const prefix of textsAt(rule, "definition.filters.prefixMatch")) {
    // A prefix starts with a container name, and only its last part can be incomplete.
    const [container = "", ...rest] = prefix.split("/");
    if (!(rest.length === 0 ? /^[a-z0-9$-]{1,63}$/ : /^[a-z0-9$-]{3,63}$/).test(container)) {
      invalid(`rule '${name}' has the prefix '${prefix}', which does not start with a container name`);
    }
  }
}

function invalid(reason: string): never {
  throw badRequest("InvalidRequestPropertyValue", `The management policy is invalid: ${reason}.`);
}
