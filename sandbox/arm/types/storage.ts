import type { BlobService } from "../../blobs/blobService.ts";
import type { ProviderModule } from "../model.ts";
import { accountRules } from "./storage/accounts.ts";
import { blobServiceRules } from "./storage/blobServices.ts";
import { containerRules } from "./storage/containers.ts";
import { immutabilityPolicyRules } from "./storage/immutabilityPolicies.ts";
import { managementPolicyRules } from "./storage/managementPolicies.ts";
import { checkNameAvailability } from "./storage/nameAvailability.ts";

/**
 * `Microsoft.Storage`: storage accounts with their containers, immutability and lifecycle policies.
 * @param parts.blobs the blob server that holds what the accounts contain.
 */
export function storageProvider(parts: { blobs: BlobService }): ProviderModule {
  return {
    namespace: "Microsoft.Storage",
    types: [
      accountRules(parts.blobs),
      blobServiceRules(),
      containerRules(parts.blobs),
      immutabilityPolicyRules(),
      managementPolicyRules(),
    ],
    actions: { checkNameAvailability },
  };
}
