import { objectAt, objectsAt, textAt, type JsonObject } from "../../json.ts";
import { sameId } from "../../ids.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { cannotParse } from "./refusals.ts";

/** A child that is in the body of its parent, where it is an element of a list, and a resource of its own. */
export interface InlineChild {
  readonly id: string;
  readonly name: string;
  readonly properties: JsonObject;
}

/**
 * Returns the children in the body of a PUT. `list` is the name of the list and of the type's last segment.
 * @throws ArmError InvalidRequestFormat with DuplicateResourceName (migAz #181).
 */
export function inlineChildren({ id, body }: Pick<PutContext, "id" | "body">, list: string): InlineChild[] {
  const children = objectsAt(body, `properties.${list}`).map((child) => {
    const name = textAt(child, "name") ?? "";
    return { id: `${id}/${list}/${name}`, name, properties: objectAt(child, "properties") };
  });
  const twin = children.find((child, index) => children.slice(0, index).some((other) => sameId(other.id, child.id)));
  if (twin === undefined) return children;
  const message = `Resource ${id} has two child resources with the same name (${twin.name}).`;
  throw cannotParse([{ code: "DuplicateResourceName", message }]);
}

/**
 * Writes the children in the body of a PUT. A PUT contains the whole list: children it omits are deleted
 * (pulumi-azure-native #3359, Terraform azurerm docs).
 */
export function replaceChildren(
  { id: parent, store }: PutContext,
  type: string,
  children: readonly InlineChild[],
  complete: (properties: JsonObject) => JsonObject,
): void {
  for (const { id } of store.childrenOf(parent, type)) {
    if (!children.some((child) => sameId(child.id, id))) store.delete(id);
  }
  for (const { id, name, properties } of children) {
    store.put({ id, name, type, body: { properties: complete(properties) } });
  }
}

/** Returns the children in the order of the parent's last PUT, and those made since then after them. */
export function childrenInOrder(parent: Resource, list: string, type: string, reader: ResourceReader): Resource[] {
  const order = objectsAt(parent.body, `properties.${list}`).map((child) => textAt(child, "name")?.toLowerCase());
  const place = (child: Resource): number => {
    const index = order.indexOf(child.name.toLowerCase());
    return index < 0 ? order.length : index;
  };
  return reader.childrenOf(parent.id, type).sort((a, b) => place(a) - place(b) || (a.createdAt < b.createdAt ? -1 : 1));
}
