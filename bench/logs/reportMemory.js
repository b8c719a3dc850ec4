/** Loaded before a program: tells on file descriptor 3, when it ends, how many bytes its largest resident set had. */
import { writeSync } from "node:fs";

process.on("exit", () => {
  writeSync(3, String(process.resourceUsage().maxRSS * 1024));
});
