import type * as pulumi from "@pulumi/pulumi";
import { idProblems } from "./armId.ts";
import type { Problem } from "./problem.ts";
import { ifPlain } from "./validate.ts";

/** Where a diagnostic setting sends logs. */
export interface LogDestination {
  readonly workspaceId?: pulumi.Input<string>;
  readonly storageAccountId?: pulumi.Input<string>;
}

/** Every destination that is of another kind. An id that is not known yet is of a resource that the program makes. */
export function logDestinationProblems({ workspaceId, storageAccountId }: LogDestination): Problem[] {
  return [
    ...idProblems("workspaceId", ifPlain(workspaceId), "Microsoft.OperationalInsights/workspaces"),
    ...idProblems("storageAccountId", ifPlain(storageAccountId), "Microsoft.Storage/storageAccounts"),
  ];
}
