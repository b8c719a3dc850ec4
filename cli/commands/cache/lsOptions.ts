import { cacheOption, formatOptions } from "../../options.ts";

export const cacheLsOptions = { cache: cacheOption, ...formatOptions } as const;
