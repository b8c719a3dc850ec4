import { duration, formatOptions, requiredText, settingsFor, wholeNumber, type OptionSpec } from "../../options.ts";
import { minuteMs } from "../../time.ts";

/** How long to wait for the rule of a request, in milliseconds. */
export const timeoutOption: OptionSpec<number> = {
  ...duration("--timeout <length>", "how long to wait for Defender's rule (default: 3m)"),
  fallback: 3 * minuteMs,
};

export const jitRequestOptions = {
  for: duration("--for <length>", "how long, such as 30m or 3h (default: 1h, or the policy's maximum if that is less)"),
  reason: requiredText("--reason <text>", "why; Azure stores it as the request's justification"),
  port: wholeNumber("--port <number>", "only this port (default: every port of the policy)", [1, 65_535]),
  timeout: timeoutOption,
  ...formatOptions,
  ...settingsFor("subscription", "bastion"),
} as const;
