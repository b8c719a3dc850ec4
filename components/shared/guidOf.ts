import { createHash } from "node:crypto";

/** Returns a GUID that depends only on the texts, like the function `guid` of Azure templates. */
export function guidOf(texts: readonly string[]): string {
  const hex = createHash("sha256").update(texts.join("\n").toLowerCase()).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
