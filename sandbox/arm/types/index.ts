import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ResourceType, Services, TypeFile } from "../resourceType.ts";

/**
 * Loads the resource types of the local Azure: the default exports of the files in the folders below this one, by type.
 */
export async function resourceTypes(services: Services): Promise<ResourceType[]> {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
    .filter((file) => /[\\/].*\.ts$/.test(file))
    .sort();
  const loaded = await Promise.all(
    files.map(
      async (file) => (await import(pathToFileURL(join(import.meta.dirname, file)).href)) as { default?: TypeFile },
    ),
  );
  return loaded.flatMap(({ default: file }) =>
    file === undefined ? [] : typeof file === "function" ? file(services) : file,
  );
}
