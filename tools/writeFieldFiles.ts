/** `npm run fields`: writes the files generated from the tables of facts of audit records and events. */
import { readFileSync, writeFileSync } from "node:fs";
import { fieldFiles } from "./fieldFiles.ts";

for (const { path, written } of fieldFiles) {
  writeFileSync(path, await written(readFileSync(path, "utf8")));
}
