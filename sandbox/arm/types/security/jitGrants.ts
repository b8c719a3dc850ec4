import { numberAt, objectAt, objectsAt, textAt, withProperties, type JsonObject } from "../../json.ts";
import type { Resource, ResourceStore } from "../../resource.ts";
import type { Runtime } from "../../requestContext.ts";
import type { ServicePrincipal } from "../../caller.ts";
import { sameId } from "../../ids.ts";
import { nsgRequestBody, nsgsWithRule, removeRule } from "./jitRules.ts";

/** The service that writes JIT's rules (azure-docs #122814). The object id belongs to the sandbox's tenant. */
const securityResourceProvider: ServicePrincipal = {
  displayName: "Windows Azure Security Resource Provider",
  appId: "8edd93e1-2103-40b4-bd70-6e34e586362d",
  objectId: "5f2b1f2a-6f0e-4d1b-9c53-0d9e5a7c1e11",
};

export type Revocation = "Expired" | "NewerRequestInitiated" | "UserRequested";

/** An open port of a request: the rule that opens it, and until when. Stored in the policy's `secrets`, never shown. */
export interface Grant {
  readonly id: string;
  readonly vmId: string;
  readonly port: number;
  readonly ruleName: string;
  readonly endTimeUtc: string;
}

export function grantsOf(policy: Pick<Resource, "secrets"> | undefined): Grant[] {
  return objectsAt(policy?.secrets, "grants").map((grant) => ({
    id: textAt(grant, "id") ?? "",
    vmId: textAt(grant, "vmId") ?? "",
    port: numberAt(grant, "port") ?? 0,
    ruleName: textAt(grant, "ruleName") ?? "",
    endTimeUtc: textAt(grant, "endTimeUtc") ?? "",
  }));
}

export function withGrants(grants: readonly Grant[]): JsonObject {
  return { grants: grants.map((grant) => ({ ...grant })) };
}

/**
 * Closes the ports of some grants: deletes their rules and records the reason in the requests. @returns the changed
 * NSGs.
 */
export function closeGrants(
  store: ResourceStore,
  policy: Resource,
  closing: readonly Grant[],
  reason: Revocation,
): { policy: Resource; nsgIds: string[] } {
  const ids = new Set(closing.map(({ id }) => id));
  const nsgIds = closing.flatMap(({ ruleName }) => removeRule(store, nsgsWithRule(store, ruleName), ruleName));
  const requests = objectsAt(policy.body, "properties.requests").map((request) => ({
    ...request,
    virtualMachines: objectsAt(request, "virtualMachines").map((vm) => ({
      ...vm,
      ports: objectsAt(vm, "ports").map((port) =>
        closing.some((grant) => isOf(grant, vm, port)) ? { ...port, status: "Revoked", statusReason: reason } : port,
      ),
    })),
  }));
  const written = store.put({
    ...policy,
    body: withProperties(policy.body, { requests }),
    secrets: withGrants(grantsOf(policy).filter(({ id }) => !ids.has(id))),
  });
  return { policy: written, nsgIds: [...new Set(nsgIds)] };
}

function isOf(grant: Grant, vm: JsonObject, port: JsonObject): boolean {
  return (
    sameId(textAt(vm, "id") ?? "", grant.vmId) &&
    numberAt(port, "number") === grant.port &&
    textAt(port, "endTimeUtc") === grant.endTimeUtc &&
    textAt(port, "status") === "Initiated"
  );
}

/** Ends a grant at its end time, unless it has already ended. */
export function scheduleExpiry(runtime: Runtime, policyId: string, grant: Grant, newId: () => string): void {
  runtime.clock.schedule(new Date(grant.endTimeUtc), () => {
    const policy = runtime.store.get(policyId);
    if (policy === undefined || !grantsOf(policy).some(({ id }) => id === grant.id)) return;
    const { nsgIds } = closeGrants(runtime.store, policy, [grant], "Expired");
    recordNsgWrites(runtime, nsgIds, newId());
  });
}

/** Records in the activity log that Defender wrote these NSGs. */
export function recordNsgWrites(
  runtime: Pick<Runtime, "store" | "recordActivity">,
  nsgIds: readonly string[],
  correlationId: string,
): void {
  for (const nsgId of nsgIds) {
    const nsg = runtime.store.get(nsgId);
    if (nsg !== undefined) {
      runtime.recordActivity({
        resourceId: nsg.id,
        operationName: "Microsoft.Network/networkSecurityGroups/write",
        eventName: "EndRequest",
        status: "Succeeded",
        caller: securityResourceProvider,
        correlationId,
        properties: { statusCode: "OK", requestbody: nsgRequestBody(runtime.store, nsg.id) },
      });
    }
  }
}

/** Returns the members of a policy's `properties` that only Defender writes. */
export function ownMembers(policy: Pick<Resource, "body"> | undefined): JsonObject {
  const requests = objectAt(policy?.body, "properties").requests;
  return { requests: Array.isArray(requests) ? requests : [], provisioningState: "Succeeded" };
}
