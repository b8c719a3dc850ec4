import { text } from "../../options.ts";

/** Which cache is meant. */
export const cacheFolderOption = {
  cache: text("--cache <folder>", "this cache (default: in the user's cache folder)", { completes: "folder" }),
} as const;
