import { text } from "../../options.ts";

/** Selects the cache. */
export const cacheFolderOption = {
  cache: text("--cache <folder>", "folder of the cache (default: in the user's cache folder)", { completes: "folder" }),
} as const;
