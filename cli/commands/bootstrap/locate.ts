/** Finds the state by looking at each backend, so that an interrupted run can be continued from any computer. */
import { UserError } from "../../errors.ts";
import type { AzureFacts } from "./places.ts";
import { AccessRefused, BackendMissing, type PulumiStack } from "./pulumiStack.ts";

export interface Located {
  /** The stack to use. The local one, still empty, if there is no state yet. */
  readonly current: PulumiStack;
  /** Whether its state has resources, or at least one whose creation has begun. */
  readonly isDeployed: boolean;
  /** A stack on this computer that an interruption left behind after its state had moved. */
  readonly leftOver: PulumiStack | undefined;
}

/**
 * Finds the current stack. A state in Azure always takes precedence: a move to Azure ends by removing the local one,
 * and a move back by removing the one in Azure, before anything else changes either.
 * @param azure `undefined` if there is no backend in Azure.
 * @throws `UserError` if there are resources without a state.
 */
export async function locate(
  local: PulumiStack,
  azure: PulumiStack | undefined,
  { hasGroup }: AzureFacts,
  group: string,
): Promise<Located> {
  const here = await local.resources();
  const there = await azure?.resources().catch((error: unknown) => {
    // The deployment that grants access to the backend was interrupted.
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
      "Run this on the computer where it was started, delete the group, or pass another --name-prefix.",
    );
  }
  return { current: local, isDeployed, leftOver: undefined };
}
