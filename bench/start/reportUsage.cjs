/** Preloaded into a measured process: writes its memory and CPU time to file descriptor 3 when it ends. */
const { writeSync } = require("node:fs");

process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const cpuTime = (userCPUTime + systemCPUTime) / 1000;
  writeSync(3, JSON.stringify({ memory: maxRSS * 1024, cpuTime }));
});
