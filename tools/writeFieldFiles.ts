/** `npm run fields`: writes the files generated from the tables of facts of audit records and events. */
import { fieldFiles } from "./fieldFiles.ts";
import { writeGenerated } from "./generatedFile.ts";

await writeGenerated(fieldFiles);
