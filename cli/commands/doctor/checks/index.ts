/**
 * All checks by name, in the order of the output: those that others depend on come first. A check is loaded when it runs,
 * because help and completion need only the names.
 */
import type { Check, NamedCheck } from "../check.ts";

const checks = {
  providers: async () => (await import("./providers.ts")).providers,
  defender: async () => (await import("./defender.ts")).defender,
  permissions: async () => (await import("./permissions.ts")).permissions,
  bastion: async () => (await import("./bastion.ts")).bastion,
  diagnostics: async () => (await import("./diagnostics.ts")).diagnostics,
  archive: async () => (await import("./archive.ts")).archive,
  records: async () => (await import("./records.ts")).records,
  immutability: async () => (await import("./immutability.ts")).immutability,
  activity: async () => (await import("./activity.ts")).activity,
  "flow-logs": async () => (await import("./flowLogs.ts")).flowLogs,
  jit: async () => (await import("./jitPolicies.ts")).jitPolicies,
  network: async () => (await import("./network.ts")).network,
  "standing-rules": async () => (await import("./standingRules.ts")).standingRules,
  "orphaned-rules": async () => (await import("./orphanedRules.ts")).orphanedRules,
} as const satisfies Readonly<Record<string, () => Promise<Check>>>;

export type CheckName = keyof typeof checks;
export const checkNames = Object.keys(checks) as readonly CheckName[];

export async function loadCheck(name: CheckName): Promise<NamedCheck> {
  return { name, ...(await checks[name]()) };
}
