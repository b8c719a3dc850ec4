/** Writes the components' schema, for review: `npm run schema`. */
import { writeFileSync } from "node:fs";
import { componentSchema, schemaFile } from "./componentPlugin.ts";

writeFileSync(schemaFile, await componentSchema());
