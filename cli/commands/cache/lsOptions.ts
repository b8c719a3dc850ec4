import { formatOptions } from "../../options.ts";
import { cacheFolderOption } from "./folderOption.ts";

export const cacheLsOptions = { ...cacheFolderOption, ...formatOptions } as const;
