import { randomUUID } from "node:crypto";
import { flagAt, objectsAt, textAt, textsAt, type JsonObject } from "../../json.ts";
import { ArmError, badRequest } from "../../armError.ts";
import { sameId } from "../../ids.ts";
import type { ActionContext } from "../../requestContext.ts";
import type { ActionResult, TypeRules } from "../../typeRules.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { requireReference } from "../references.ts";
import { bastionHostType } from "./usage.ts";

/**
 * Returns the actions for shareable links of a Bastion host (azure-docs, bastion/shareable-link.md). A link has no page
 * here; the sandbox's own `connect` opens it.
 * @param dnsName returns the DNS name of the Bastion host.
 */
export function shareableLinkActions(dnsName: () => string): NonNullable<TypeRules["actions"]> {
  return {
    createShareableLinks(context) {
      const { resource, clock } = context;
      requireEnabled(resource);
      const before = linksOf(context);
      const ids = objectsAt(context.body, "vms").map((entry) => requireVm(context, textAt(entry, "vm.id") ?? ""));
      const made = ids.map(
        (id) =>
          before.find((link) => isOf(link, id)) ?? {
            vm: { id },
            bsl: `https://${dnsName()}/api/shareable-url/${randomUUID()}`,
            createdAt: clock.now().toISOString(),
          },
      );
      keep(context, [...before.filter((link) => !made.includes(link)), ...made]);
      return { status: 200, longRunning: true, body: { value: made } };
    },
    deleteShareableLinks(context) {
      const asked = vmIdsOf(context);
      keep(
        context,
        linksOf(context).filter((link) => !asked.some((id) => isOf(link, id))),
      );
      return { status: 202, longRunning: true };
    },
    deleteShareableLinksByToken(context) {
      const tokens = textsAt(context.body, "tokens");
      keep(
        context,
        linksOf(context).filter((link) => !tokens.some((token) => textAt(link, "bsl")?.endsWith(`/${token}`))),
      );
      return { status: 202, longRunning: true };
    },
    getShareableLinks(context) {
      const asked = vmIdsOf(context);
      const value = linksOf(context).filter((link) => asked.length === 0 || asked.some((id) => isOf(link, id)));
      return { status: 200, body: { value } } satisfies ActionResult;
    },
  };
}

/**
 * Returns the VM of a link.
 * @throws ArmError if no Bastion host has the link, or if the host no longer allows links.
 */
export function vmOfLink(store: ResourceReader, url: string): string {
  for (const resource of store.ofType(bastionHostType)) {
    const link = linksOf({ resource }).find(({ bsl }) => bsl === url);
    if (link === undefined) continue;
    requireEnabled(resource);
    return textAt(link, "vm.id") ?? "";
  }
  throw new ArmError(404, "ResourceNotFound", `Shareable link '${url}' not found.`);
}

function requireEnabled({ id, body }: Resource): void {
  if (flagAt(body, "properties.enableShareableLink") !== true) {
    // The code is not documented.
    throw badRequest("BadRequest", `Shareable links are not enabled on Bastion host ${id}.`);
  }
}

function linksOf({ resource }: Pick<ActionContext, "resource">): JsonObject[] {
  return objectsAt(resource.state, "shareableLinks");
}

function keep({ store, resource }: ActionContext, shareableLinks: JsonObject[]): void {
  store.put({ ...resource, state: { ...resource.state, shareableLinks } });
}

function vmIdsOf({ body }: ActionContext): string[] {
  return objectsAt(body, "vms").map((entry) => textAt(entry, "vm.id") ?? "");
}

function isOf(link: JsonObject, vmId: string): boolean {
  return sameId(textAt(link, "vm.id") ?? "", vmId);
}

function requireVm({ store, resource }: ActionContext, id: string): string {
  const location = textAt(resource.body, "location") ?? "";
  return requireReference(store, id, "Microsoft.Compute/virtualMachines", { id: resource.id, location, path: "vms" })
    .id;
}
