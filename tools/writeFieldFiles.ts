/** `npm run fields`: writes what follows from the table of facts of an audit record. */
import { readFileSync, writeFileSync } from "node:fs";
import { fieldFiles } from "./fieldFiles.ts";

for (const { path, written } of fieldFiles) {
  writeFileSync(path, await written(readFileSync(path, "utf8")));
}
