import { azureTime } from "./azureTime.ts";
import { metadataUrl } from "./cloud.ts";

/**
 * How far the clock of the cloud in `ARM_METADATA_HOSTNAME` is ahead of this machine's, in milliseconds, by the `Date` header of
 * its description. A cloud of its own, such as this project's sandbox, need not have the world's time; 0 for Microsoft's clouds,
 * which are not asked, and for one that does not answer: whatever needs it next says so.
 */
export async function cloudAheadMs(
  env: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<number> {
  const url = metadataUrl(env);
  if (url === undefined) return 0;
  try {
    const answer = await fetch(url, signal === undefined ? {} : { signal });
    await answer.body?.cancel();
    return azureTime(answer.headers.get("date"), 0);
  } catch {
    signal?.throwIfAborted();
    return 0;
  }
}
