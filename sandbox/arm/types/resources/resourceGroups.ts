import { resourceGroupType } from "../../ids.ts";
import { exportTemplate } from "./exportTemplate.ts";
import { resourceType } from "../../resourceType.ts";

/** Resource groups. The control plane's core deletes the contents of a deleted group. */
export default resourceType({
  type: resourceGroupType,
  model: "resources:ResourceGroup",
  sdk: "resources.ResourceGroup",
  scope: "subscription",
  name: {
    pattern: /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
    code: "InvalidResourceGroup",
    message: (name) =>
      `The provided resource group name '${name}' has these invalid characters: '${name.replaceAll(/[\p{L}\p{N}_().-]/gu, "")}'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.`,
  },
  location: "required",
  answers: { exportTemplate: "resources:ResourceGroupExportResult" },
  actions: { exportTemplate },
  put: "sync",
  delete: "async",
  patch: { of: "body", completion: "sync" },
  complete: ({ body }) => ({ body: { ...body, properties: { provisioningState: "Succeeded" } } }),
});
