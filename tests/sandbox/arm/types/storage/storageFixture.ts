import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { startAuditPlane, type Answer, type AuditPlane } from "../../../auditPlane.ts";
import { forSuite } from "../../../../held.ts";

export const version = "2024-01-01";
export const standard = { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } };

interface Storage {
  readonly plane: AuditPlane;
  /** Id of an account. */
  readonly accountOf: (name: string) => string;
  readonly put: (path: string, body: JsonObject) => Promise<Answer>;
  readonly get: (path: string) => Promise<Answer>;
}

/** Starts a control plane for a suite, with short words for requests to the storage provider. */
export function storageForSuite(): Storage {
  const plane = forSuite(startAuditPlane);
  return {
    plane,
    accountOf: (name) => `${plane.group}/providers/Microsoft.Storage/storageAccounts/${name}`,
    put: (path, body) => plane.send("PUT", path, version, body),
    get: (path) => plane.send("GET", path, version),
  };
}

export function propertiesOf({ body }: Answer): JsonObject {
  return body.properties as JsonObject;
}
