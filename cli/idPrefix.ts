/** Ids that are typed in part: a table shows their first characters where there is little room. */
import { isSameId } from "./azure/read.ts";
import { listNames } from "./didYouMean.ts";
import { UserError } from "./errors.ts";

/** What is typed or copied, without the ellipsis of a shortened id. */
export function typedId(text: string): string {
  return text.replace(/…$/u, "");
}

/** The ids that are meant: the one that is typed in full, or all that begin with what is typed, in whatever case. */
export function idsMeant(typed: string, ids: readonly string[]): string[] {
  const same = ids.find((id) => isSameId(id, typed));
  return same === undefined ? ids.filter((id) => isBeginning(typed, id)) : [same];
}

export function isBeginning(typed: string, id: string): boolean {
  return id.toLowerCase().startsWith(typed.toLowerCase());
}

/** @param candidates the ids that begin with what is typed. @param kind what they are ids of, as in `session ids`. */
export function ambiguousId(typed: string, candidates: readonly string[], kind: string): UserError {
  return new UserError(
    `'${typed}' is the beginning of several ${kind}: ${listNames(candidates)}.`,
    "Give more of the id.",
  );
}
