import { cacheOptions, formatOptions, settingsOptions, text, vmText } from "../../options.ts";
import { defaultSource } from "../../sources/sourceFlags.ts";

/** The log that supplies what Azure's list of sessions lacks. */
export const tunnelLogOption = text(
  "--source <source>",
  `source of client addresses and persons: archive, workspace, a folder of log blobs, or none (default: ${defaultSource})`,
  { suggestions: ["archive", "workspace", "none"], completes: "folder" },
);

export const sessionsLsOptions = {
  user: text("--user <name>", "only sessions of this Entra account or account on the VM"),
  vm: vmText("--vm <name>", "only sessions to this VM: name, GROUP/NAME or ARM id"),
  source: tunnelLogOption,
  ...formatOptions,
  ...cacheOptions,
  ...settingsOptions,
} as const;
