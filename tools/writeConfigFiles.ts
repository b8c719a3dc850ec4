/** `npm run config`: writes what follows from the table of config keys. */
import { readFileSync, writeFileSync } from "node:fs";
import { configFiles } from "./configFiles.ts";

for (const { path, written } of configFiles) {
  writeFileSync(path, await written(readFileSync(path, "utf8")));
}
