/** Whether the sources of an evidence pack are still what it was made of. */
import type { Hashed } from "./manifest.ts";
import type { Problem } from "./verifyPack.ts";

/** The SHA-256 of the first bytes of a source, or why there is none. */
export type HashOfSource = (source: Hashed) => Promise<{ readonly sha256: string } | "missing" | "shorter">;

/** @param place where they are looked for, for a sentence. */
export async function verifySources(
  sources: readonly Hashed[],
  hashOf: HashOfSource,
  place: string,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const source of sources) {
    const { name, bytes, sha256 } = source;
    const found = await hashOf(source);
    if (found === "missing") {
      problems.push({ of: "source", name, message: `${name} is missing in ${place}.` });
    } else if (found === "shorter") {
      const message = `${name} in ${place} has changed: it has less than the ${bytes} bytes that the pack rests on.`;
      problems.push({ of: "source", name, message });
    } else if (found.sha256 !== sha256) {
      const what = `the SHA-256 of its first ${bytes} bytes is ${found.sha256}, the manifest says ${sha256}`;
      problems.push({ of: "source", name, message: `${name} in ${place} has changed: ${what}.` });
    }
  }
  return problems;
}
