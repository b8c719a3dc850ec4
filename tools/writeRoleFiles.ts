/** `npm run roles`: writes the files of the custom roles. */
import { readFileSync, writeFileSync } from "node:fs";
import { roleFiles } from "./roleFiles.ts";

for (const { path, written } of roleFiles) writeFileSync(path, await written(readFileSync(path, "utf8")));
