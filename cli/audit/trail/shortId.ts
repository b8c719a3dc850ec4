import { createHash } from "node:crypto";
import type { Session } from "../records/types.ts";

/** Hexadecimal digits of an id: few enough to type, and enough for a million of them. */
const digits = 16;

/** An id of facts that do not change with the source, in whatever case they are spelled. */
export function shortId(...facts: readonly (string | number | null)[]): string {
  const text = facts.map((fact) => String(fact ?? "").toLowerCase()).join("\n");
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}

/** Of a tunnel or, where the records name none, of what tells the session from others. */
export function sessionId({ tunnelId, start, vm, clientIp, clientPort, account }: Session): string {
  return tunnelId === null ? shortId(start, vm, clientIp, clientPort, account) : shortId(tunnelId);
}
