/** Preloaded into a measured process: writes its memory and processor time to file descriptor 3 when it ends. */
const { writeSync } = require("node:fs");

process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const processor = (userCPUTime + systemCPUTime) / 1000;
  writeSync(3, JSON.stringify({ memory: maxRSS * 1024, processor }));
});
