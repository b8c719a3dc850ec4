import type { ArgumentRules } from "./argumentForms.ts";
import { idProblems } from "./armId.ts";

/** What the destinations of a diagnostic setting must be. */
export const logDestinations: ArgumentRules = {
  workspaceId: (key, id) => idProblems(key, id, "Microsoft.OperationalInsights/workspaces"),
  storageAccountId: (key, id) => idProblems(key, id, "Microsoft.Storage/storageAccounts"),
};
