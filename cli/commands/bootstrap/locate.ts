/** Where the state is: told by what is there, so that a run can be interrupted anywhere and continued from any computer. */
import { UserError } from "../../errors.ts";
import type { AzureFacts } from "./places.ts";
import { AccessRefused, BackendMissing, type PulumiStack } from "./pulumiStack.ts";

export interface Located {
  /** What counts. The local one, still empty, where there is no state yet. */
  readonly current: PulumiStack;
  /** The state in it has resources, or at least one that was being created. */
  readonly isDeployed: boolean;
  /** A stack on this computer whose state has moved: an interruption left it. */
  readonly leftOver: PulumiStack | undefined;
}

/**
 * A state in Azure counts, whatever else there is: a move to Azure ends with the removal of the local one, and a move back with the
 * removal of that in Azure, before anything else happens to either.
 * @param azure `undefined` where there is no backend.
 * @throws `UserError` when there are resources without a state.
 */
export async function locate(
  local: PulumiStack,
  azure: PulumiStack | undefined,
  { hasGroup }: AzureFacts,
  group: string,
): Promise<Located> {
  const here = await local.resources();
  const there = await azure?.resources().catch((error: unknown) => {
    // The deployment that gives access to the backend was interrupted.
    if (error instanceof BackendMissing || (error instanceof AccessRefused && (here ?? 0) > 0)) return undefined;
    throw error;
  });
  if (azure !== undefined && (there ?? 0) > 0) {
    return { current: azure, isDeployed: true, leftOver: here === undefined ? undefined : local };
  }
  const isDeployed = (here ?? 0) > 0;
  if (!isDeployed && hasGroup) {
    throw new UserError(
      `The resource group ${group} exists, but its state is neither in a storage account of it nor on this computer.`,
      "Run this on the computer where it was begun, delete the group, or pass another --name-prefix.",
    );
  }
  return { current: local, isDeployed, leftOver: undefined };
}
