import { findAccount } from "../../../blobs/accounts.ts";
import type { BlobService } from "../../../blobs/blobService.ts";
import { containerType, plainContainerBody } from "../../../blobs/containerResources.ts";
import { flagAt, objectAt, textAt, withProperties, type JsonObject } from "../../json.ts";
import type { DeleteContext, PutContext } from "../../requestContext.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { ArmError, conflict } from "../../armError.ts";
import { wireEtag } from "../../etags.ts";
import { ownerIdOf, sameId } from "../../ids.ts";
import { resourceType, type Services } from "../../resourceType.ts";

/** `…/blobServices/default/containers/{name}`. */
export default ({ blobs }: Services) =>
  resourceType({
    type: containerType,
    model: "storage:BlobContainer",
    sdk: "storage.BlobContainer",
    etag: true,
    scope: "child",
    name: {
      pattern: /^(?=.{3,63}$)([a-z0-9]+(-[a-z0-9]+)*|\$root|\$web)$/,
      code: "InvalidResourceName",
      message: () => "The specifed resource name contains invalid characters.",
    },
    location: "none",
    put: "sync",
    delete: "sync",
    patch: { of: "body", completion: "sync" },
    // "Only container names starting with the filter will be listed" (Storage resource provider, "Blob Containers - List").
    listed:
      (scope, filter) =>
      ({ id, name }) =>
        sameId(ownerIdOf(id), scope) && name.startsWith(filter ?? ""),
    check: checkPublicAccess,
    complete: ({ body, clock }) => ({
      body: withProperties(plainContainerBody(clock.now()), objectAt(body, "properties")),
    }),
    async afterPut(_context, { id, name }) {
      await blobs.createContainer(accountNameOf(id), name);
    },
    notFound: () => new ArmError(404, "ContainerNotFound", "The specified container does not exist."),
    view,
    checkDelete: (context) => refuseProtectedDeletion(context, blobs),
    async afterDelete({ existing: { id, name }, store }) {
      // Deleting an account also deletes its containers; nothing remains to be done for each of them.
      if (findAccount(store, accountNameOf(id)) !== undefined) await blobs.deleteContainer(accountNameOf(id), name);
    },
  });

function accountNameOf(containerId: string): string {
  return containerId.split("/").at(-5) ?? "";
}

function checkPublicAccess({ body, id, store }: PutContext): void {
  const account = store.get(id.split("/").slice(0, -4).join("/"));
  const access = textAt(body, "properties.publicAccess") ?? "None";
  if (access !== "None" && flagAt(account?.body, "properties.allowBlobPublicAccess") !== true) {
    throw conflict("PublicAccessNotPermitted", "Public access is not permitted on this storage account.");
  }
}

function view(resource: Resource, reader: ResourceReader): JsonObject {
  const policy = reader.get(`${resource.id}/immutabilityPolicies/default`);
  if (policy === undefined) return resource.body;
  return withProperties(resource.body, {
    hasImmutabilityPolicy: true,
    immutabilityPolicy: { etag: wireEtag(policy), properties: objectAt(policy.body, "properties"), updateHistory: [] },
  });
}

/**
 * A container under a policy, locked or not, must be empty to be deleted (azure-docs,
 * immutable-container-level-worm-policies). Deleting an account also deletes the contents of its unlocked containers.
 */
async function refuseProtectedDeletion({ existing, root, store }: DeleteContext, blobs: BlobService): Promise<void> {
  const hasPolicy = root === existing && store.get(`${existing.id}/immutabilityPolicies/default`) !== undefined;
  if (hasPolicy && (await blobs.hasBlobs(accountNameOf(existing.id), existing.name))) {
    throw conflict(
      "ContainerProtectedFromDeletion",
      `The container ${existing.name} is protected from deletion: it has an immutability policy and is not empty.`,
      { target: existing.id },
    );
  }
}
