/**
 * Compares names of people. A guest is `ada_example.com#EXT#@tenant` in some logs, and the account in the home tenant,
 * `ada@example.com`, in others (Entra, "Properties of a B2B guest user"). Case is ignored.
 */

/** Returns a guest's account in the home tenant, or any other name, in lower case. */
export function homeAccount(name: string): string {
  const account = name.toLowerCase();
  const [, local, domain] = /^(.+)_([^_]+)#ext#@/.exec(account) ?? [];
  return local === undefined ? account : `${local}@${domain ?? ""}`;
}

/** Returns the beginning of a person's name as a guest of any tenant, in lower case. */
export function guestPrefix(name: string): string {
  return `${homeAccount(name).replace(/@(?=[^@]*$)/, "_")}#ext#@`;
}

export function isSamePerson(name: string | null | undefined, wanted: string): boolean {
  return name !== null && name !== undefined && homeAccount(name) === homeAccount(wanted);
}
