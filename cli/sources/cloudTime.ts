/** The current time of the cloud whose logs a command reads. */
import type { Io } from "../io.ts";

/**
 * Returns `io` with the cloud's clock as `now`. `--since` then ends where the cloud's logs end, even if this computer's
 * clock differs.
 */
export async function onCloudTime(io: Io): Promise<Io> {
  const { cloudAheadMs } = await import("../azure/cloudClock.ts");
  const aheadMs = await cloudAheadMs(io.env, io.signal);
  return aheadMs === 0 ? io : { ...io, now: () => new Date(io.now().getTime() + aheadMs) };
}
