import { defineCommand } from "../../command.ts";
import { usualLifetimeDays } from "../../files/cacheLifetime.ts";
import { cacheLsOptions } from "./lsOptions.ts";

export const cacheLs = defineCommand({
  name: "cache ls",
  summary: "List the evidence cached on this computer.",
  details:
    "What was read from an archive or a folder is cached, so that it is read only once. It contains personal data, so " +
    `only your account can read it, and it is removed ${usualLifetimeDays} days after its last use (BASTION_TRAIL_CACHE_DAYS). Removing it ` +
    "is safe: the next command reads it again.",
  options: cacheLsOptions,
  examples: [
    ["cache ls", "Cached sources, with size and last use"],
    ["cache ls --json", "The same for a script, in bytes"],
  ],
  load: async () => (await import("./list.ts")).runCacheLs,
});
