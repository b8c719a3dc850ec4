import type { HttpRequest } from "./http.ts";
import { badRequest } from "./armError.ts";

const defaultPageSize = 1000;

/**
 * Returns one page of a list: `$top` items (1,000 by default and at most), and the `nextLink` of the next page.
 * @throws ArmError InvalidParameter for an invalid `$top` or `$skiptoken`.
 */
export function page<T>(
  endpoint: string,
  request: HttpRequest,
  all: readonly T[],
): { items: readonly T[]; nextLink: { nextLink?: string } } {
  const start = readCount(request.query, "$skiptoken", 0, Number.MAX_SAFE_INTEGER);
  const size = readCount(request.query, "$top", defaultPageSize, defaultPageSize);
  const items = all.slice(start, start + size);
  if (start + size >= all.length) return { items, nextLink: {} };
  const next = new URL(request.target, endpoint);
  for (const name of [...next.searchParams.keys()])
    if (name.toLowerCase() === "$skiptoken") next.searchParams.delete(name);
  next.searchParams.set("$skiptoken", String(start + size));
  return { items, nextLink: { nextLink: next.href } };
}

function readCount(query: URLSearchParams, name: string, absent: number, most: number): number {
  const text = [...query].find(([key]) => key.toLowerCase() === name)?.[1];
  if (text === undefined) return absent;
  if (!/^\d{1,9}$/.test(text) || (name === "$top" && Number(text) === 0)) {
    throw badRequest(
      "InvalidParameter",
      `The query parameter ${name} is '${text}'; it must be a whole number${name === "$top" ? " from 1 up" : ""}.`,
    );
  }
  return Math.min(Number(text), most);
}
