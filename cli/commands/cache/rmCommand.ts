import { defineCommand } from "../../command.ts";
import { cacheRmOptions } from "./rmOptions.ts";

export const cacheRm = defineCommand({
  name: "cache rm",
  summary: "Remove cached evidence from this computer.",
  details: "The sources are not changed; the next read takes as long as the first.",
  operands: [{ name: "id", description: "id from cache ls, or its beginning", variadic: true }],
  options: cacheRmOptions,
  examples: [
    ["cache rm 3f2a", "Remove one source from the cache"],
    ["cache rm --all", "Remove everything"],
  ],
  load: async () => (await import("./remove.ts")).runCacheRm,
});
