import { UserError } from "./errors.ts";

/** What a `--reason` without a word is refused with. */
export function emptyReason(nextStep: string): UserError {
  return new UserError("--reason is empty.", nextStep);
}

/**
 * The reason that was given, without spaces around it.
 * @param nextStep what it should say, a sentence.
 * @throws `UserError` when nothing is left.
 */
export function reasonIn(text: string, nextStep: string): string {
  const reason = text.trim();
  if (reason === "") {
    throw emptyReason(nextStep);
  }
  return reason;
}
