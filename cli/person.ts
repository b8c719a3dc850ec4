/**
 * Who, in a table: the person, or in parentheses the account on the VM where no person is known, as with a password or a key. So a
 * table says who also where it has no room for the accounts.
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

/** Whose session it is and where, as part of a sentence: `ada@example.com on web`. */
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
