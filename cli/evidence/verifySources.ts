/** Checks whether the sources of an evidence pack are unchanged since it was written. */
import pMap from "p-map";
import type { Hashed } from "./manifest.ts";
import type { Problem } from "./verifyPack.ts";

/** Number of sources read at once. */
const concurrency = 12;

/** Returns the SHA-256 of the first bytes of a source, or why there is none. `unreadable`: the reason, as a part of a sentence. */
export type HashOfSource = (
  source: Hashed,
) => Promise<{ readonly sha256: string } | { readonly unreadable: string } | "missing" | "shorter">;

/** @param place where the sources are, for messages. */
export async function verifySources(
  sources: readonly Hashed[],
  hashOf: HashOfSource,
  place: string,
): Promise<Problem[]> {
  const found = await pMap(
    sources,
    async (source): Promise<Problem[]> => {
      const message = messageOf(source, await hashOf(source), place);
      return message === undefined ? [] : [{ of: "source", name: source.name, message }];
    },
    { concurrency },
  );
  return found.flat();
}

function messageOf(
  { name, bytes, sha256 }: Hashed,
  found: Awaited<ReturnType<HashOfSource>>,
  place: string,
): string | undefined {
  if (found === "missing") return `${name} is missing in ${place}.`;
  if (typeof found === "object" && "unreadable" in found)
    return `${name} in ${place} cannot be read: ${found.unreadable}.`;
  const changed = `${name} in ${place} has changed:`;
  if (found === "shorter") return `${changed} it has fewer than the ${bytes} bytes that were read for the pack.`;
  return found.sha256 === sha256
    ? undefined
    : `${changed} the SHA-256 of its first ${bytes} bytes is ${found.sha256}, the manifest says ${sha256}.`;
}
