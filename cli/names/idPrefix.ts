/** Ids given by their first characters, because narrow tables show shortened ids. */
import { isSameIgnoringCase } from "./ignoringCase.ts";
import { listNames } from "./didYouMean.ts";
import { UserError } from "../errors.ts";

/** The typed or copied text without the ellipsis of a shortened id. */
export function typedId(text: string): string {
  return text.replace(/…$/u, "");
}

/** The ids that a text matches: the id equal to it, or all ids that begin with it. Case is ignored. */
export function idsMeant(typed: string, ids: readonly string[]): string[] {
  const same = ids.find((id) => isSameIgnoringCase(id, typed));
  return same === undefined ? ids.filter((id) => isBeginning(typed, id)) : [same];
}

/** Whether an id begins with a text. No id begins with an empty one, which is what an ellipsis alone is. */
export function isBeginning(typed: string, id: string): boolean {
  return typed !== "" && id.toLowerCase().startsWith(typed.toLowerCase());
}

/**
 * @param candidates the ids that begin with the typed text. @param kind what kind of id they are, such as
 *   `session ids`.
 */
export function ambiguousId(typed: string, candidates: readonly string[], kind: string): UserError {
  return new UserError(`'${typed}' matches several ${kind}: ${listNames(candidates)}.`, "Type more of the id.");
}
