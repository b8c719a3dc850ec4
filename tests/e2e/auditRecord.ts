import { readFileSync } from "node:fs";
import { BlobServiceClient, type StoragePipelineOptions } from "@azure/storage-blob";
import { textAt, type JsonObject } from "../../sandbox/arm/json.ts";
import type { SandboxDescription } from "../../sandbox/directory.ts";

/** Finds the audit record of a tunnel in the archive, with the ordinary blob client. */
export async function findAuditRecord(
  description: SandboxDescription,
  { container, prefix, tunnelId }: { container: string; prefix: string; tunnelId: string },
): Promise<{ blob: string; record: JsonObject } | undefined> {
  // The client passes its pipeline options on, but the storage typings omit `tlsOptions`.
  const options: StoragePipelineOptions & { tlsOptions: { ca: string } } = {
    tlsOptions: { ca: readFileSync(description.caFile, "utf8") },
  };
  const service = BlobServiceClient.fromConnectionString(description.storageConnectionString, options);
  const client = service.getContainerClient(container);
  for await (const { name } of client.listBlobsFlat({ prefix })) {
    const content = await client.getBlobClient(name).downloadToBuffer();
    const records = content.toString("utf8").trim().split("\n");
    const record = records
      .map((line) => JSON.parse(line) as JsonObject)
      .find((each) => textAt(each, "properties.tunnelId") === tunnelId);
    if (record !== undefined) return { blob: `${container}/${name}`, record };
  }
  return undefined;
}
