/** `npm run config`: writes the files generated from the table of config keys. */
import { configFiles } from "./configFiles.ts";
import { writeGenerated } from "./generatedFile.ts";

await writeGenerated(configFiles);
