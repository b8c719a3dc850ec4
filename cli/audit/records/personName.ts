/**
 * Compares names of people. The account in the home tenant, `ada@example.com`, is `ada_example.com#EXT#@tenant` in another tenant
 * (Entra, "Properties of a B2B guest user"), and `live.com#ada@example.com` in tokens of an account that Microsoft, Google or a
 * one-time passcode signs in (azure-docs, "Azure Key Vault logging"; Entra, "Identity providers"). Case is ignored.
 */

/** Words before the account, for who signs it in. */
const providers = ["live.com", "google.com", "mail"];
const provider = new RegExp(`^(?:${providers.map((name) => name.replace(".", "\\.")).join("|")})#`);

/** Returns a person's account in the home tenant, or any other name, in lower case. */
export function homeAccount(name: string): string {
  const account = name.toLowerCase().replace(provider, "");
  const [, local, domain] = /^(.+)_([^_]+)#ext#@/.exec(account) ?? [];
  return local === undefined ? account : `${local}@${domain ?? ""}`;
}

/** Returns a person's names outside of other tenants, in lower case. */
export function homeNames(name: string): string[] {
  const home = homeAccount(name);
  return [home, ...providers.map((one) => `${one}#${home}`)];
}

/** Returns the beginning of a person's name as a guest of any tenant, in lower case. */
export function guestPrefix(name: string): string {
  return `${homeAccount(name).replace(/@(?=[^@]*$)/, "_")}#ext#@`;
}

export function isSamePerson(name: string | null | undefined, wanted: string): boolean {
  return name !== null && name !== undefined && homeAccount(name) === homeAccount(wanted);
}
