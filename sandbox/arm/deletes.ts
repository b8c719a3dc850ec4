import { audited } from "./audited.ts";
import { withProperties } from "./json.ts";
import { asArmError, DetailedArmError, errorObject, methodNotAllowed, resourceGroupNotFound } from "./errors.ts";
import type { HttpAnswer } from "./http.ts";
import { resourceGroupOf, resourceGroupType, scopesOf, type Target } from "./ids.ts";
import { locate } from "./locate.ts";
import { requireUnlocked } from "./locks.ts";
import { accepted, startOperation } from "./longRunning.ts";
import type { RequestContext } from "./requestContext.ts";
import type { Resource } from "./resource.ts";
import { ArmError } from "./armError.ts";
import type { Operation } from "./operations.ts";
import { contextFor, findResource, type ArmRequest, type Plane } from "./plane.ts";
import { renderResource, requirePreconditions } from "./render.ts";

/** Answers the DELETE of one resource; 204 if it does not exist, as ARM does. */
export async function deleteResource(plane: Plane, request: ArmRequest, target: Target): Promise<HttpAnswer> {
  const place = locate(plane, target, request.apiVersion);
  const { id, rules, name } = place;
  if (rules.delete === "forbidden") throw methodNotAllowed("DELETE");
  const operationName = `${rules.type}/delete`;
  return audited(plane, request, { resourceId: id, operationName }, async () => {
    const group = resourceGroupOf(id);
    const existing = plane.store.get(id);
    if (existing === undefined) {
      if (rules.type === resourceGroupType) throw resourceGroupNotFound(name);
      if (group !== undefined && plane.store.get(scopesOf(id).at(-2) ?? "") === undefined)
        throw resourceGroupNotFound(group);
      return { status: 204 };
    }
    requirePreconditions(request.http, rules, existing);
    requireUnlocked(plane.store, id, rules.type, "delete");
    plane.operations.requireNone(id, rules);
    // A group is emptied in the order that its resources allow, so refusals are known only then.
    if (rules.type !== resourceGroupType) await checkTree(plane, request.context, existing);
    else await rules.checkDelete?.({ ...request.context, existing, root: existing });
    if (rules.delete === "sync") {
      await plane.soleWrites.run(place, () => deleteTree(plane, request.context, existing));
      // A resource that always exists is only reset, and the response shows it: an immutability policy without days
      // (Storage resource provider, "Blob Containers - Delete Immutability Policy").
      const shown = findResource(plane.store, rules, id) ?? (rules.deleteShows === true ? existing : undefined);
      return shown === undefined ? { status: 200 } : { status: 200, body: renderResource(plane, rules, shown) };
    }
    plane.store.put({ ...existing, body: withProperties(existing.body, { provisioningState: "Deleting" }) });
    const operation = startOperation(plane, request, place, { kind: "delete", operationName });
    return accepted(plane, operation, { status: 202 });
  });
}

/** Carries out a long-running deletion. If it fails, the remaining resources have the `provisioningState` `Failed`. */
export async function endDelete(plane: Plane, operation: Operation): Promise<void> {
  const existing = plane.store.get(operation.resourceId);
  if (existing === undefined) return;
  const context = contextFor(plane, operation);
  try {
    if (operation.failure !== undefined) throw new ArmError(500, operation.failure.code, operation.failure.message);
    if (existing.type === resourceGroupType) await emptyGroup(plane, context, existing);
    await deleteTree(plane, context, existing);
  } catch (error) {
    // A resource group whose deletion fails returns to its previous state.
    const provisioningState = existing.type === resourceGroupType ? "Succeeded" : "Failed";
    plane.store.put({ ...existing, body: withProperties(existing.body, { provisioningState }) });
    throw error;
  }
}

/** Checks whether the resource and everything inside it can be deleted. */
async function checkTree(plane: Plane, context: RequestContext, resource: Resource): Promise<void> {
  for (const one of [resource, ...inside(plane, resource)]) {
    await plane.catalog.rulesOf(one.type)?.checkDelete?.({ ...context, existing: one, root: resource });
  }
}

/** Deletes everything inside the resource, innermost first, and then the resource. */
async function deleteTree(plane: Plane, context: RequestContext, resource: Resource): Promise<void> {
  for (const one of [...inside(plane, resource).reverse(), resource]) {
    plane.store.delete(one.id);
    await plane.catalog.rulesOf(one.type)?.afterDelete?.({ ...context, existing: one, root: resource });
  }
}

/** Returns what is deleted with a resource: its children and its extensions, outermost first. */
function inside(plane: Plane, resource: Resource): Resource[] {
  const children = plane.store
    .childrenOf(resource.id)
    .filter((child) => plane.catalog.rulesOf(child.type)?.outlivesParent !== true);
  return children.sort((a, b) => a.id.split("/").length - b.id.split("/").length);
}

/**
 * Deletes everything in a resource group, in rounds: a resource that is still in use waits until its user is deleted.
 * @throws ArmError ResourceGroupDeletionBlocked naming what cannot be deleted, and why
 */
async function emptyGroup(plane: Plane, context: RequestContext, group: Resource): Promise<void> {
  for (;;) {
    const refusals: ArmError[] = [];
    let deleted = 0;
    const roots = rootsOf(plane, group);
    for (const root of roots) {
      try {
        requireUnlocked(plane.store, root.id, root.type, "delete");
        await checkTree(plane, context, root);
      } catch (error) {
        refusals.push(asArmError(error));
        continue;
      }
      await deleteTree(plane, context, root);
      deleted += 1;
      context.recordActivity({
        resourceId: root.id,
        operationName: `${root.type}/delete`,
        eventName: "EndRequest",
        status: "Succeeded",
        caller: context.caller,
        correlationId: context.correlationId,
        properties: { statusCode: "OK" },
      });
    }
    if (refusals.length === 0) return;
    if (deleted > 0) continue;
    const left = roots.map((root) => root.id).join(",");
    throw new DetailedArmError(
      409,
      "ResourceGroupDeletionBlocked",
      `Deletion of resource group '${group.name}' failed as resources with identifiers '${left}' could not be deleted. The provisioning state of the resource group will be rolled back. The tracking Id is '${context.correlationId}'. Please check audit logs for more details.`,
      refusals.map(errorObject),
    );
  }
}

/** Returns the resources of a group that are not inside another of its resources. */
function rootsOf(plane: Plane, group: Resource): Resource[] {
  return plane.store.childrenOf(group.id).filter((resource) => {
    const above = scopesOf(resource.id)
      .slice(1)
      .filter((scope) => scope.length > group.id.length);
    if (above.some((scope) => plane.store.get(scope) !== undefined)) return false;
    // Left behind by a deleted resource: it outlives the group as it outlived its parent.
    return above.length === 0 || plane.catalog.rulesOf(resource.type)?.outlivesParent !== true;
  });
}
