import { timingSafeEqual } from "node:crypto";

/** Whether two secrets are equal, in a time that does not tell how much of them is. */
export function sameSecret(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
