import { visible } from "@bastion-trail/core/rules/visible";
import { isSamePerson } from "../audit/records/personName.ts";
import { note, type Io } from "../io.ts";
import { didYouMean } from "./didYouMean.ts";

/**
 * Suggests a person of a log if it has nobody of the typed name: nothing found must not pass for nothing done.
 * @param known the people in the log.
 */
export async function suggestPerson(io: Io, typed: string, known: readonly string[]): Promise<void> {
  const suggestion = known.some((name) => isSamePerson(name, typed)) ? "" : didYouMean(typed, known);
  if (suggestion !== "") {
    await note(io, visible(`warning: the log has no person '${typed}'. ${suggestion}`));
  }
}

/**
 * The person, or the account on the VM in parentheses if the person is unknown, as with a password or a key. This way a
 * table without a column for accounts still shows who connected.
 */
export function shownPerson({
  person,
  account,
}: {
  readonly person: string | null;
  readonly account: string | null;
}): string | null {
  return person ?? (account === null ? null : `(${account})`);
}

/** A session's person and VM as part of a sentence: `ada@example.com on web`. */
export function whoseSession({
  person,
  account,
  vmName,
}: {
  readonly person: string | null;
  readonly account: string | null;
  readonly vmName: string | null;
}): string {
  return `${person ?? account ?? "unknown user"} on ${vmName ?? "an unknown VM"}`;
}
