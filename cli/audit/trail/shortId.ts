import { createHash } from "node:crypto";

/** Number of hexadecimal digits in an id: short enough to type, long enough for a million ids. */
const digits = 16;

/** Returns an id of facts that are the same in every source. Case is ignored. */
export function shortId(...facts: readonly (string | number | null)[]): string {
  const text = facts.map((fact) => String(fact ?? "").toLowerCase()).join("\n");
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}
