/**
 * `npm run models`: writes the models of the local Azure's types from Microsoft's published packages into
 * `sandbox/arm/models`.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import type { ResourceType, Services } from "../sandbox/arm/resourceType.ts";
import { resourceTypes } from "../sandbox/arm/types/index.ts";
import { azureCli, modelSdks } from "./pythonClients.ts";
import { ensureEnvironment } from "../sandbox/pythonEnvironment.ts";

const root = join(import.meta.dirname, "..");

/** The folder of the models. */
export const modelFolder = join(root, "sandbox/arm/models");

/** Responses of Azure Resource Manager itself, with their models. `{group}` is the id of a resource group. */
export const coreAnswers = [
  {
    type: "Microsoft.Resources/resources",
    path: "{subscription}/resources",
    model: "resources:GenericResourceExpanded",
  },
  {
    type: "Microsoft.Resources/resources",
    path: "{group}/resources?$expand=createdTime,changedTime,provisioningState",
    model: "resources:GenericResourceExpanded",
  },
  { type: "Microsoft.Resources/providers", path: "{subscription}/providers", model: "resources:Provider" },
  {
    type: "Microsoft.Resources/tags",
    path: "{group}/providers/Microsoft.Resources/tags/default",
    model: "resources:TagsResource",
  },
  {
    type: "Microsoft.Authorization/permissions",
    path: "{group}/providers/Microsoft.Authorization/permissions",
    model: "authorization:Permission",
  },
  {
    type: "Microsoft.Insights/eventTypes",
    path: "{subscription}/providers/Microsoft.Insights/eventtypes/management/values?$filter=eventTimestamp ge '{hourAgo}'",
    model: "monitor:EventData",
  },
  {
    type: "Microsoft.Insights/eventCategories",
    path: "/providers/Microsoft.Insights/eventcategories",
    model: "monitor:LocalizableString",
  },
] as const;

/** Contents of the model files by name. */
export async function modelFiles(): Promise<Map<string, string>> {
  ensureEnvironment(azureCli);
  const types = await resourceTypes({} as Services);
  // A provider without a type in the local Azure, listed so that it is not treated as unknown.
  const others = [{ type: "Microsoft.Features/features", models: [] }];
  const asked = {
    nodeModules: join(root, "node_modules"),
    az: azureCli.folder,
    types: [...types.map(asksFor), ...coreAnswers.map(({ type, model }) => ({ type, models: [model] })), ...others],
  };
  const { stdout, stderr, status } = spawnSync(
    ensureEnvironment(modelSdks),
    [join(import.meta.dirname, "sandboxModels.py")],
    { input: JSON.stringify(asked), encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(stderr);
  const files = new Map<string, string>();
  for (const [namespace, models] of Object.entries(JSON.parse(stdout) as Record<string, unknown>)) {
    files.set(`${namespace}.json`, await format(JSON.stringify(models), { parser: "json", printWidth: 120 }));
  }
  return files;
}

function asksFor({ type, model, request = model, sdk, answers = {} }: ResourceType): object {
  return { type, sdk, models: [...new Set([model, request, ...Object.values(answers)])] };
}

if (import.meta.main) {
  for (const [name, text] of await modelFiles()) writeFileSync(join(modelFolder, name), text);
}
