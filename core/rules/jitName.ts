/**
 * The form of a rule's name that Defender for Cloud, and Security Center before it, use (release notes #259166), as a regular
 * expression for JavaScript, DuckDB and KQL, without case. Anybody can use such a name, so it proves nothing about who wrote
 * the rule or what it is for.
 */
export const jitNameForm = "^(SecurityCenter|MicrosoftDefenderForCloud)-JITRule";

/** Returns whether a rule's name has that form. */
export function isJitName(name: string | null): boolean {
  return new RegExp(jitNameForm, "i").test(name ?? "");
}
