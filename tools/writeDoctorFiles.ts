/** `npm run findings`: writes the lists of doctor's checks and findings. */
import { doctorFiles } from "./doctorFiles.ts";
import { writeGenerated } from "./generatedFile.ts";

await writeGenerated(doctorFiles);
