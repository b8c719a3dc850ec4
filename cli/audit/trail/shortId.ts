import { createHash } from "node:crypto";

/** Hexadecimal digits of an id: few enough to type, and enough for a million of them. */
const digits = 16;

/** An id of facts that do not change with the source, in whatever case they are spelled. */
export function shortId(...facts: readonly (string | number | null)[]): string {
  const text = facts.map((fact) => String(fact ?? "").toLowerCase()).join("\n");
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}
