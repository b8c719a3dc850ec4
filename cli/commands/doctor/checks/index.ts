/** All checks in the order of the output: those that others depend on come first. */
import type { Check } from "../check.ts";
import { activity } from "./activity.ts";
import { archive } from "./archive.ts";
import { bastion } from "./bastion.ts";
import { defender } from "./defender.ts";
import { diagnostics } from "./diagnostics.ts";
import { flowLogs } from "./flowLogs.ts";
import { immutability } from "./immutability.ts";
import { jitPolicies } from "./jitPolicies.ts";
import { network } from "./network.ts";
import { orphanedRules } from "./orphanedRules.ts";
import { permissions } from "./permissions.ts";
import { providers } from "./providers.ts";
import { records } from "./records.ts";
import { standingRules } from "./standingRules.ts";

export const checks: readonly Check[] = [
  providers,
  defender,
  permissions,
  bastion,
  diagnostics,
  archive,
  records,
  immutability,
  activity,
  flowLogs,
  jitPolicies,
  network,
  standingRules,
  orphanedRules,
];
