import { duration, formatOptions, requiredText, settingsFor, wholeNumber, type OptionSpec } from "../../options.ts";
import { usualGrantMs } from "../../rules/jitTimes.ts";
import { durationText, minuteMs } from "../../time.ts";

/** How long to wait for the rule of a request, in milliseconds. */
const ruleWaitMs = 3 * minuteMs;

export const timeoutOption: OptionSpec<number> = {
  ...duration("--timeout <length>", `how long to wait for Defender's rule (default: ${durationText(ruleWaitMs)})`),
  fallback: ruleWaitMs,
};

export const usualGrantText = `${durationText(usualGrantMs)}, or the policy's maximum if that is less`;

export const jitRequestOptions = {
  for: duration("--for <length>", `how long, such as 30m or 3h (default: ${usualGrantText})`),
  reason: requiredText("--reason <text>", "why; Azure stores it as the request's justification"),
  port: wholeNumber("--port <number>", "only this port (default: every port of the policy)", [1, 65_535]),
  timeout: timeoutOption,
  ...formatOptions,
  ...settingsFor("subscription", "bastion"),
} as const;
