import { cacheOptions, flag, settingsOptions } from "../../options.ts";
import { tunnelLogOption } from "../sessions/lsOptions.ts";

export const statusOptions = {
  source: tunnelLogOption,
  json: flag("--json", "print one JSON document"),
  local: flag("--local", "show times in the local time zone instead of UTC"),
  ...cacheOptions,
  ...settingsOptions,
} as const;
