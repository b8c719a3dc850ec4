/** `npm run config`: writes what follows from the table of config keys. */
import { readFileSync, writeFileSync } from "node:fs";
import { format } from "prettier";
import { configFiles } from "./configFiles.ts";

for (const { path, written } of configFiles) {
  const text = written(readFileSync(path, "utf8"));
  writeFileSync(path, await format(text, { filepath: path, printWidth: 120 }));
}
