/** Preloaded into a program: writes its largest resident set in bytes to file descriptor 3 when the program ends. */
import { writeSync } from "node:fs";

process.on("exit", () => {
  writeSync(3, String(process.resourceUsage().maxRSS * 1024));
});
