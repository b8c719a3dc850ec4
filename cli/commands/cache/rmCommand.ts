import { defineCommand } from "../../command.ts";
import { cacheRmOptions } from "./rmOptions.ts";

export const cacheRm = defineCommand({
  name: "cache rm",
  summary: "Remove evidence that is kept on this computer.",
  details: "The sources stay as they are: the next read of them takes as long as the first.",
  operands: [{ name: "id", description: "id from cache ls, or its beginning", variadic: true }],
  options: cacheRmOptions,
  examples: [
    ["cache rm 3f2a", "Remove what is kept of one source"],
    ["cache rm --all", "Remove everything that is kept"],
  ],
  load: async () => (await import("./remove.ts")).runCacheRm,
});
