/** Bounds of the time that one JIT request can ask for (Defender for Cloud, just-in-time-access-usage.md and REST reference). */
export const shortestRequestMinutes = 5;
export const longestRequestHours = 24;
