/**
 * `npm run record`: records the demonstration for the README. Each line appears at its recorded time, with long waits
 * cut.
 */
import { writeFileSync } from "node:fs";
import { recordDemonstration, recordingFile } from "./demonstration.ts";
import { recordingSvg } from "./recordingSvg.ts";

writeFileSync(recordingFile, recordingSvg(await recordDemonstration(), "npm run sandbox"));
console.log(`Wrote ${recordingFile}.`);
