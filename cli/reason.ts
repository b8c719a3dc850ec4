import { UserError } from "./errors.ts";

/** The error for a blank `--reason`. */
export function emptyReason(nextStep: string): UserError {
  return new UserError("--reason is empty.", nextStep);
}

/**
 * Returns the given reason without surrounding spaces.
 * @param nextStep what the reason should be, as a sentence.
 * @throws `UserError` if nothing is left.
 */
export function requireReason(text: string, nextStep: string): string {
  const reason = text.trim();
  if (reason === "") {
    throw emptyReason(nextStep);
  }
  return reason;
}
