import { azureTime } from "./azureTime.ts";
import { metadataUrl } from "./cloud.ts";

/**
 * Returns how far the clock of the cloud in `ARM_METADATA_HOSTNAME` is ahead of the local clock, in milliseconds, from the
 * `Date` header of its description. A custom cloud, such as this project's sandbox, may have a different time. Returns 0 for
 * Microsoft's clouds, without a request, and for a cloud that does not respond: the next request reports that.
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
