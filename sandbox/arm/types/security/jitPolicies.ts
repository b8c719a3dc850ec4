import { randomUUID } from "node:crypto";
import { numberAt, objectAt, objectsAt, textAt, type JsonObject } from "../../json.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import type { Runtime } from "../../requestContext.ts";
import { sameId, nameOf } from "../../ids.ts";
import { resourceType } from "../../resourceType.ts";
import { initiate } from "./jitInitiate.ts";
import { closeGrants, grantsOf, ownMembers, recordNsgWrites, scheduleExpiry, withGrants } from "./jitGrants.ts";
import { checkPolicy } from "./jitPolicyChecks.ts";
import { denyRule, nsgsWithRule, removeRule, writeRule } from "./jitRules.ts";
import { vmNetworkOf } from "./vmNetwork.ts";

const jitPolicyType = "Microsoft.Security/locations/jitNetworkAccessPolicies";

/** `Microsoft.Security/locations/{location}/jitNetworkAccessPolicies/{name}`. */
export default resourceType({
  type: jitPolicyType,
  model: "security:JitNetworkAccessPolicy",
  sdk: "security.JitNetworkAccessPolicy",
  scope: "child",
  name: {
    pattern: /^[A-Za-z0-9._-]{1,80}$/,
    code: "BadRequest",
    message: (name) => `The policy name '${name}' is invalid: it has 1 to 80 letters, digits, '.', '_' and '-'.`,
  },
  location: "none",
  refine: {
    "JitNetworkAccessPolicy.kind": { oneOf: ["Basic"] },
    "JitNetworkAccessPolicy.properties.requests": { readOnly: true },
    "JitNetworkAccessPortRule.number": { min: 1 },
    "JitNetworkAccessPortRule.protocol": { oneOf: ["TCP", "UDP", "*", "All"] },
  },
  answers: { initiate: "security:JitNetworkAccessRequest" },
  put: "sync",
  createdStatus: 200,
  delete: "sync",
  listedAs: ["Microsoft.Security/jitNetworkAccessPolicies"],
  check: checkPolicy,
  complete: ({ id, body, existing }) => ({
    body: {
      kind: "Basic",
      location: id.split("/").at(-3) ?? "",
      properties: { virtualMachines: objectsAt(body, "properties.virtualMachines"), ...ownMembers(existing) },
    },
    secrets: withGrants(grantsOf(existing)),
  }),
  afterPut(context, written) {
    const { store, existing, correlationId } = context;
    const removed = denyRulesOf(store, existing).filter(
      (old) => !denyRulesOf(store, written).some((rule) => rule.name === old.name),
    );
    const changed = removed.flatMap(({ name }) => removeRule(store, nsgsWithRule(store, name), name));
    for (const rule of denyRulesOf(store, written)) {
      for (const nsgId of rule.nsgIds) {
        writeRule(store, nsgId, rule);
        changed.push(nsgId);
      }
    }
    const orphans = grantsOf(written).filter((grant) => !holds(written, grant.vmId, grant.port));
    const { nsgIds } = closeGrants(store, written, orphans, "UserRequested");
    recordNsgWrites(context, [...new Set([...changed, ...nsgIds])], correlationId);
  },
  afterDelete(context) {
    const { store, existing, correlationId } = context;
    const names = [...denyRulesOf(store, existing), ...grantsOf(existing).map(({ ruleName }) => ({ name: ruleName }))];
    const changed = names.flatMap(({ name }) => removeRule(store, nsgsWithRule(store, name), name));
    recordNsgWrites(context, [...new Set(changed)], correlationId);
  },
  actions: { initiate },
  resume: resumeGrants,
});

/** Schedules the ends of all open grants after a restart; those that are due end immediately. */
function resumeGrants(runtime: Runtime): void {
  for (const policy of runtime.store.ofType(jitPolicyType)) {
    for (const grant of grantsOf(policy)) {
      scheduleExpiry(runtime, policy.id, grant, randomUUID);
    }
  }
}

function denyRulesOf(
  store: ResourceReader,
  policy: Resource | undefined,
): (ReturnType<typeof denyRule> & { nsgIds: readonly string[] })[] {
  if (policy === undefined) return [];
  return objectsAt(policy.body, "properties.virtualMachines").flatMap((entry) => {
    const id = textAt(entry, "id") ?? "";
    const vm = store.get(id) ?? { id, name: nameOf(id) };
    const network = "body" in vm ? vmNetworkOf(store, vm) : undefined;
    const ports = objectsAt(entry, "ports").map((each) => numberAt(each, "number") ?? 0);
    return { ...denyRule(policy, vm, ports, network?.privateIpAddress ?? ""), nsgIds: network?.nsgIds ?? [] };
  });
}

function holds(policy: Resource, vmId: string, number: number): boolean {
  const entries: JsonObject[] = objectsAt(objectAt(policy.body, "properties"), "virtualMachines");
  return entries.some(
    (entry) =>
      sameId(textAt(entry, "id") ?? "", vmId) &&
      objectsAt(entry, "ports").some((each) => numberAt(each, "number") === number),
  );
}
