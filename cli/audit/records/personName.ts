/**
 * Compares names of people. The account in the home tenant, `ada@example.com`, is `ada_example.com#EXT#@tenant` in another tenant
 * (Entra, "Properties of a B2B guest user"), and `live.com#ada@example.com` in tokens of an account that Microsoft, Google or a
 * one-time passcode signs in (azure-docs, "Azure Key Vault logging"; Entra, "Identity providers"). Case is ignored.
 */

/** Words before the account, for who signs it in. */
const providers = ["live.com", "google.com", "mail"];

/** The forms, as regular expressions for JavaScript, DuckDB and KQL, over a name in lower case. */
export const nameForms = {
  /** The words before the account. */
  provider: `^(${providers.map((name) => name.replace(".", "\\.")).join("|")})#`,
  /** A guest: the account's two parts. */
  guest: "^(.+)_([^_]+)#ext#@.*$",
};

const provider = new RegExp(nameForms.provider);
const guest = new RegExp(nameForms.guest);

/** Returns a person's account in the home tenant, or any other name, in lower case. */
export function homeAccount(name: string): string {
  return name.toLowerCase().replace(provider, "").replace(guest, "$1@$2");
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
