/** HTTP statuses as the activity log writes them: by .NET's names, which are the standard phrases without spaces. */
import { STATUS_CODES } from "node:http";

/** Returns `NotFound` for 404. */
export function statusName(status: number): string {
  return (STATUS_CODES[status] ?? String(status)).replaceAll(" ", "");
}

/** Returns `Not Found (HTTP Status Code: 404)` for `NotFound`, and any other text unchanged. */
export function statusText(name: string): string {
  const known = Object.entries(STATUS_CODES).find(([, phrase]) => phrase?.replaceAll(" ", "") === name);
  return known === undefined ? name : `${known[1] ?? name} (HTTP Status Code: ${known[0]})`;
}
