import {
  cacheOptions,
  duration,
  flag,
  formatOptions,
  requiredText,
  settingsOptions,
  text,
  vmText,
} from "../../options.ts";
import { tunnelLogOption } from "./lsOptions.ts";

export const sessionsKillOptions = {
  user: text("--user <name>", "sessions of this Entra account or account on the VM"),
  vm: vmText("--vm <name>", "sessions to this VM: name, GROUP/NAME or ARM id"),
  olderThan: duration("--older-than <length>", "sessions open for longer than this: 8h, 1d"),
  reason: requiredText("--reason <text>", "why; kept in the record of actions"),
  yes: flag("-y, --yes", "do not ask for confirmation"),
  source: tunnelLogOption,
  ...formatOptions,
  ...cacheOptions,
  ...settingsOptions,
} as const;
