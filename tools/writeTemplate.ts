/** `npm run template`: writes the template of `pulumi new`. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { templateFiles } from "./templateFiles.ts";

rmSync(join(import.meta.dirname, "../template"), { recursive: true, force: true });
for (const { path, written } of templateFiles) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await written(""));
}
