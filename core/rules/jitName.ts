/**
 * Whether a rule has a name of the kind that Defender for Cloud, and Security Center before it, give their rules (release
 * notes #259166). Anybody can give a rule such a name, so it proves nothing about who wrote it or what it is for.
 */
export function isJitName(name: string | null): boolean {
  return /^(?:SecurityCenter|MicrosoftDefenderForCloud)-JITRule/i.test(name ?? "");
}
