import { textAt, textsAt, type JsonObject } from "../../json.ts";
import { parsePath, sameId, typeOf } from "../../ids.ts";
import type { ActionContext } from "../../requestContext.ts";
import type { ActionResult } from "../../typeRules.ts";
import type { Resource } from "../../resource.ts";
import { sdkVersions } from "../../sdkModels.ts";

/**
 * Answers POST `exportTemplate` of a resource group: its resources as a template, with a parameter for each name unless
 * the options keep literal names (Azure Resource Manager, "Resource Groups - Export Template"). Extension resources,
 * such as locks, are omitted.
 */
export function exportTemplate({ resource: group, store, body }: ActionContext): ActionResult {
  const wanted = textsAt(body, "resources");
  const literal = /SkipResourceNameParameterization|SkipAllParameterization/i.test(textAt(body, "options") ?? "");
  const parameters: JsonObject = {};
  const resources = store
    .childrenOf(group.id)
    .filter(({ id }) => wanted.includes("*") || wanted.some((one) => sameId(one, id)))
    .flatMap((resource) => exported(group, resource, literal ? undefined : parameters) ?? []);
  const template = {
    $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    parameters,
    variables: {},
    resources,
  };
  return { status: 200, body: { template } };
}

function exported(
  group: Resource,
  { id, type, body }: Resource,
  parameters: JsonObject | undefined,
): JsonObject | undefined {
  const path = parsePath(id);
  if (path?.kind !== "resource" || !sameId(path.target.scope, group.id)) return undefined;
  const { types, names } = path.target;
  const apiVersion = sdkVersions(typeOf(path.target))?.versions.at(-1) ?? "";
  if (parameters === undefined) return { type, apiVersion, name: names.join("/"), ...body };
  const [root = "", ...below] = names;
  const parameter = `${types[0] ?? ""}_${root.replaceAll(/\W/g, "_")}_name`;
  parameters[parameter] = { defaultValue: root, type: "String" };
  const name =
    below.length === 0 ? `[parameters('${parameter}')]` : `[concat(parameters('${parameter}'), '/${below.join("/")}')]`;
  return { type, apiVersion, name, ...body };
}
