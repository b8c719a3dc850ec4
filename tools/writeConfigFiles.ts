/** `npm run config`: writes the files generated from the table of config keys. */
import { readFileSync, writeFileSync } from "node:fs";
import { configFiles } from "./configFiles.ts";

for (const { path, written } of configFiles) {
  writeFileSync(path, await written(readFileSync(path, "utf8")));
}
