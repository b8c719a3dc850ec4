/** `npm run roles`: writes the files of the custom roles. */
import { writeGenerated } from "./generatedFile.ts";
import { roleFiles } from "./roleFiles.ts";

await writeGenerated(roleFiles);
