import { flag, formatOptions } from "../../options.ts";
import { cacheFolderOption } from "./folderOption.ts";

export const cacheRmOptions = {
  all: flag("--all", "remove everything"),
  ...cacheFolderOption,
  ...formatOptions,
} as const;
