/** How long cached evidence is kept. */
import { UserError } from "../errors.ts";
import type { Environment } from "../io.ts";

/** Default number of days for which evidence is kept after its last use. */
export const usualLifetimeDays = 90;

/**
 * `BASTION_TRAIL_CACHE_DAYS`, or `usualLifetimeDays`.
 * @throws `UserError` if it is not a whole number of days.
 */
export function lifetimeDays(env: Environment): number {
  const given = env.BASTION_TRAIL_CACHE_DAYS ?? "";
  if (given !== "" && !/^[1-9]\d{0,4}$/.test(given)) {
    throw new UserError(
      `BASTION_TRAIL_CACHE_DAYS is '${given}'.`,
      "Set it to a whole number of days from 1 to 99999, or unset it.",
    );
  }
  return given === "" ? usualLifetimeDays : Number(given);
}
