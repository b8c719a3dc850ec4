import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import type { Cloud } from "../cloud.ts";

export const vault = "Microsoft.KeyVault/vaults/trail-passwords";
export const secret = `${vault}/secrets/web-settings`;

/** Returns a function that makes the body of a vault. */
export function vaultBodies(cloud: Cloud): (more?: JsonObject, location?: string) => JsonObject {
  return (more = {}, location = "westeurope") => ({
    location,
    properties: {
      tenantId: cloud.plane.identity.tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
      ...more,
    },
  });
}
