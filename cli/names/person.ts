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
