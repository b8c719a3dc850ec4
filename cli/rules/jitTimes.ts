/** Times of Defender for Cloud's JIT access, in milliseconds. */
import { dayMs, hourMs, minuteMs } from "../time.ts";

/** Maximum length of a grant (Defender for Cloud, "JIT access"). A request that claims to last longer is not believed. */
export const longestGrantMs = dayMs;

/** Length of a request that does not say how long, unless its policy allows less. */
export const usualGrantMs = hourMs;

/** How long after a request's end Defender may take to remove its rule. The real limit is not documented. */
export const removalMs = 10 * minuteMs;

/** The clocks of Azure's services differ by less than this. */
export const clockDifferenceMs = minuteMs;
