import { flag, formatOptions, settingsFor, text } from "../../options.ts";

export const jitLsOptions = {
  vm: text("--vm <name>", "only this VM: its name or ARM id", { completes: "vm" }),
  active: flag("--active", "only requests that are active now"),
  ...formatOptions,
  ...settingsFor("subscription"),
} as const;
