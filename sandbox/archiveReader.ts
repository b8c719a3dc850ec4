import { readFileSync } from "node:fs";
import { BlobServiceClient, type StoragePipelineOptions } from "@azure/storage-blob";
import { textAt } from "./arm/bodies.ts";
import type { JsonObject } from "./arm/json.ts";
import type { SandboxDescription } from "./directory.ts";

export interface AuditRecordQuery {
  readonly container: string;
  /** Blob prefix of the Bastion host, as in the stack's outputs. */
  readonly prefix: string;
  readonly tunnelId: string;
}

export interface AuditRecord {
  readonly blob: string;
  readonly record: JsonObject;
  readonly userEmail: string | undefined;
}

/** Finds the audit record of a tunnel in the archive, with the ordinary blob client. */
export async function findAuditRecord(
  description: SandboxDescription,
  { container, prefix, tunnelId }: AuditRecordQuery,
): Promise<AuditRecord | undefined> {
  // The client passes its pipeline options on, but the storage typings omit `tlsOptions`.
  const options: StoragePipelineOptions & { tlsOptions: { ca: string } } = {
    tlsOptions: { ca: readFileSync(description.caFile, "utf8") },
  };
  const service = BlobServiceClient.fromConnectionString(description.storageConnectionString, options);
  const client = service.getContainerClient(container);
  for await (const { name } of client.listBlobsFlat({ prefix })) {
    const content = await client.getBlobClient(name).downloadToBuffer();
    for (const line of content.toString("utf8").split("\n")) {
      const record = line === "" ? {} : (JSON.parse(line) as JsonObject);
      if (textAt(record, "properties.tunnelId") === tunnelId) {
        return { blob: `${container}/${name}`, record, userEmail: textAt(record, "properties.userEmail") };
      }
    }
  }
  return undefined;
}
