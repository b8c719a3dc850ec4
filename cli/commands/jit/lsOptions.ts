import { flag, formatOptions, settingsFor, vmText } from "../../options.ts";

export const jitLsOptions = {
  vm: vmText("--vm <name>", "only this VM: its name or ARM id"),
  active: flag("--active", "only requests that are active now"),
  ...formatOptions,
  ...settingsFor("subscription"),
} as const;
