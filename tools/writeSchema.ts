/** `npm run schema`: writes the components' schema for review. */
import { writeFileSync } from "node:fs";
import { componentSchema, schemaFile } from "./componentPlugin.ts";

writeFileSync(schemaFile, await componentSchema());
