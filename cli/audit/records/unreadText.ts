import { counted } from "../../counted.ts";
import type { Unread, Unreadable } from "./types.ts";

/** Returns what could not be read in numbers: `2 records could not be read, 1 value or file skipped`. Empty if all was read. */
export function unreadText({ lost, aside }: Unread, places: readonly Unreadable[]): string {
  return [
    ...(lost === 0 ? [] : [`${counted(lost, thingOf(places))} could not be read`]),
    ...(aside === 0 ? [] : [`${counted(aside, "value or file", "values or files")} skipped`]),
  ].join(", ");
}

/** A place without a line is a whole file. */
function thingOf(places: readonly Unreadable[]): string {
  return places.every(({ line }) => line === null) ? "file" : "record";
}
