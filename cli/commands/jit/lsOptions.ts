import { flag, formatOptions, settingsFor, vmText } from "../../options.ts";

export const jitLsOptions = {
  vm: vmText("--vm <name>", "only this VM: name, GROUP/NAME or ARM id"),
  active: flag("--active", "only requests whose port is open, or may be"),
  ...formatOptions,
  ...settingsFor("subscription"),
} as const;
