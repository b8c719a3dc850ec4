/** `npm run record`: records the demonstration for the README, in which each line appears when it did, without the waits. */
import { writeFileSync } from "node:fs";
import { recordDemonstration, recordingFile } from "./demonstration.ts";
import { recordingSvg } from "./recordingSvg.ts";

writeFileSync(recordingFile, recordingSvg(await recordDemonstration(), "npm run sandbox"));
console.log(`Wrote ${recordingFile}.`);
