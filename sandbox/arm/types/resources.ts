import { obj, readOnlyMembers, str, tracked } from "../fields.ts";
import type { ProviderModule, TypeRules } from "../model.ts";

export const resourceGroupType = "Microsoft.Resources/resourceGroups";

const resourceGroups: TypeRules = {
  type: resourceGroupType,
  apiVersions: [
    "2019-05-01",
    "2019-10-01",
    "2020-06-01",
    "2020-10-01",
    "2021-01-01",
    "2021-04-01",
    "2022-09-01",
    "2022-12-01",
    "2023-07-01",
    "2024-03-01",
    "2024-07-01",
    "2024-08-01",
    "2024-11-01",
    "2025-03-01",
    "2025-04-01",
  ],
  scope: "subscription",
  name: {
    pattern: /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
    code: "InvalidResourceGroup",
    message: (name) =>
      `The provided resource group name '${name}' has these invalid characters: '${name.replaceAll(/[\p{L}\p{N}_().-]/gu, "")}'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.`,
  },
  location: "required",
  shape: tracked(obj(readOnlyMembers("provisioningState")), { managedBy: str() }),
  put: "sync",
  delete: "async",
  patch: { of: "body", completion: "sync" },
  complete: ({ body }) => ({ body: { ...body, properties: { provisioningState: "Succeeded" } } }),
};

/** `Microsoft.Resources`: resource groups. What a deleted group takes with it is the work of the control plane's core. */
export function resourcesProvider(): ProviderModule {
  return { namespace: "Microsoft.Resources", types: [resourceGroups] };
}
