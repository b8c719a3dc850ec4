/** The last line of a blob that still grows, which may be only the beginning of a line. */
import { jsonValue } from "../../../jsonValue.ts";

/** A longer end without a line break is kept with the lines, because it should not be held in memory. */
export const longestTail = 1024 * 1024;

/** Returns where the beginning of a line starts at the end of a blob; the length if all lines are complete. */
export function endOfLines(bytes: Buffer): number {
  const begin = bytes.lastIndexOf(0x0a) + 1;
  const last = bytes.subarray(begin);
  return isBeginning(last) ? begin : bytes.length;
}

/** @param last what follows the last line break. */
export function isBeginning(last: Buffer): boolean {
  return last.length > 0 && last.length <= longestTail && typeof jsonValue(last.toString("utf8")) !== "object";
}
