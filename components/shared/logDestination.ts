import type * as pulumi from "@pulumi/pulumi";
import { idProblems } from "./armId.ts";
import type { Problem } from "./problem.ts";
import { ifPlain } from "./validate.ts";

/** The destinations of a diagnostic setting. */
export interface LogDestination {
  readonly workspaceId?: pulumi.Input<string>;
  readonly storageAccountId?: pulumi.Input<string>;
}

/** Returns every destination of the wrong type. An unknown id belongs to a resource that the program creates. */
export function logDestinationProblems({ workspaceId, storageAccountId }: LogDestination): Problem[] {
  return [
    ...idProblems("workspaceId", ifPlain(workspaceId), "Microsoft.OperationalInsights/workspaces"),
    ...idProblems("storageAccountId", ifPlain(storageAccountId), "Microsoft.Storage/storageAccounts"),
  ];
}
