import { defineCommand } from "../../command.ts";
import { cacheLsOptions } from "./lsOptions.ts";

export const cacheLs = defineCommand({
  name: "cache ls",
  summary: "List the evidence that is kept on this computer.",
  details:
    "What was read from an archive or a folder is kept, so that it is read once. It holds personal data: it is for your account " +
    "only, and is removed 90 days after its last use (BASTION_TRAIL_CACHE_DAYS). Removing it costs a new read, nothing else.",
  options: cacheLsOptions,
  examples: [
    ["cache ls", "What is kept, its size, and when it was last used"],
    ["cache ls --json", "The same for a script, in bytes"],
  ],
  load: async () => (await import("./list.ts")).runCacheLs,
});
