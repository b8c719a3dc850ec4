/**
 * Compiles the package in the current folder, and replaces its manifest by the published one until postpack.ts restores
 * it.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Manifest, publishedManifest } from "./manifest.ts";
import { keptManifest } from "./keptManifest.ts";

const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
rmSync("dist", { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [compiler, "--build", "--force", "tsconfig.build.json"], {
  stdio: "inherit",
});
if (status !== 0) process.exit(1);
// Files that are read at run time are copied beside the compiled files, as they are beside the TypeScript.
for (const name of globSync(["**/*.{sql,kql}", "schema.json"], { exclude: ["dist/**", "node_modules/**"] }))
  cpSync(name, join("dist", name));

// If it exists, an earlier run was interrupted, and package.json is already the published one.
if (!existsSync(keptManifest)) renameSync("package.json", keptManifest);
const manifest = JSON.parse(readFileSync(keptManifest, "utf8")) as Manifest;
writeFileSync("package.json", `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
