import { formatOptions, requiredText, settingsFor, wholeNumber } from "../../options.ts";

export const jitRevokeOptions = {
  reason: requiredText("--reason <text>", "why; kept in the record of actions"),
  port: wholeNumber("--port <number>", "only this port (default: every port of the policy)", [1, 65_535]),
  ...formatOptions,
  ...settingsFor("subscription", "bastion"),
} as const;
