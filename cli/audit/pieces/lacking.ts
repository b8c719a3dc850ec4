/** What a document with rows says about rows that it does not have. */
import { isObject, memberOf, textOf } from "../records/values.ts";
import type { Damage } from "./piece.ts";
import { bodyOf } from "./rowsIn.ts";

/**
 * Returns each loss that a document states: what a result saved with `--records --json` lists as unreadable, and the
 * error of an incomplete query (azure-monitor-docs, logs/api/response-format.md, `PartialError`).
 */
export function lackingIn(document: unknown): Omit<Damage, "line">[] {
  if (!isObject(document)) {
    return [];
  }
  const { responses } = document;
  if (Array.isArray(responses)) {
    return responses.flatMap((response: unknown) => lackingIn(bodyOf(response)));
  }
  const unreadable = Array.isArray(document.unreadable) ? document.unreadable : [];
  const saved = unreadable.filter(isObject).map((one) => {
    const place = [textOf(one.file), textOf(one.line)].filter((part) => part !== null).join(":");
    return { reason: `It was saved without ${place}: ${textOf(one.reason) ?? ""}`, isAside: one.skipped === true };
  });
  const error = memberOf(document, "error");
  const parts = isObject(error) ? [memberOf(error, "code"), memberOf(error, "message")] : [error];
  const said = parts.flatMap((part) => textOf(part) ?? []);
  return said.length === 0 ? saved : [...saved, { reason: `This answer of Azure is incomplete: ${said.join(": ")}` }];
}

/** Returns whether a document is one page of a longer list (Azure REST API guidelines, `nextLink`). */
export function hasNextPage(document: unknown): boolean {
  return isObject(document) && textOf(memberOf(document, "nextlink")) !== null;
}
