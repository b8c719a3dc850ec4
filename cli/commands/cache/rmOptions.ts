import { cacheOption, flag, formatOptions } from "../../options.ts";

export const cacheRmOptions = {
  all: flag("--all", "remove everything"),
  cache: cacheOption,
  ...formatOptions,
} as const;
