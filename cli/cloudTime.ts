/** The time that a command reckons with: that of the cloud whose logs it reads. */
import type { Io } from "./io.ts";

/** The same, with the present of the cloud: `--since` ends where that cloud's logs do, also where its clock is not this machine's. */
export async function onCloudTime(io: Io): Promise<Io> {
  const { cloudAheadMs } = await import("./azure/cloudClock.ts");
  const aheadMs = await cloudAheadMs(io.env, io.signal);
  return aheadMs === 0 ? io : { ...io, now: () => new Date(io.now().getTime() + aheadMs) };
}
