/** Times of Defender for Cloud's JIT access, in milliseconds. */
import { longestRequestHours, shortestRequestMinutes } from "@bastion-trail/core/rules/jitDuration";
import { hourMs, minuteMs } from "../time.ts";

/** Minimum length of a grant. */
export const shortestGrantMs = shortestRequestMinutes * minuteMs;

/** Maximum length of a grant. A request that claims to last longer is not believed. */
export const longestGrantMs = longestRequestHours * hourMs;

/** Length of a request that does not say how long, unless its policy allows less. */
export const usualGrantMs = hourMs;

/** How long after a request's end Defender may take to remove its rule. The real limit is not documented. */
export const removalMs = 10 * minuteMs;

/** The clocks of Azure's services differ by less than this. */
export const clockDifferenceMs = minuteMs;
