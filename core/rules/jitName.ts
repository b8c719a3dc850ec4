/**
 * Whether a rule's name has the form that Defender for Cloud, and Security Center before it, use (release notes
 * #259166). Anybody can use such a name, so it proves nothing about who wrote the rule or what it is for.
 */
export function isJitName(name: string | null): boolean {
  return /^(?:SecurityCenter|MicrosoftDefenderForCloud)-JITRule/i.test(name ?? "");
}
