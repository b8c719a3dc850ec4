/** Preloaded into a process that is measured: at its end, writes what it took to the file descriptor 3. */
const { writeSync } = require("node:fs");

process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const processor = (userCPUTime + systemCPUTime) / 1000;
  writeSync(3, JSON.stringify({ memory: maxRSS * 1024, processor }));
});
