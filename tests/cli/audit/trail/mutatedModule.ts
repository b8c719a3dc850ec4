import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { cached } from "../../../../sandbox/pythonEnvironment.ts";

/**
 * A module of the product with a part of its text replaced. It lies below the repository, so that packages are found.
 * @param file its path. @param text what is there exactly once.
 */
export async function mutatedModule<Module>(file: string, text: string, by: string): Promise<Module> {
  const source = readFileSync(file, "utf8");
  assert.equal(source.split(text).length, 2, `${file} has once: ${text}`);
  const mutant = source
    .replace(text, () => by)
    .replaceAll(/from "(\.[^"]+)"/g, (_, path: string) => {
      return `from ${JSON.stringify(pathToFileURL(join(dirname(file), path)).href)}`;
    });
  mkdirSync(cached("mutants"), { recursive: true });
  const folder = mkdtempSync(cached("mutants/"));
  try {
    writeFileSync(join(folder, "mutant.ts"), mutant);
    return (await import(pathToFileURL(join(folder, "mutant.ts")).href)) as Module;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
