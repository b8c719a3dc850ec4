/** Sends a request for access, and finds out whether Azure made it if the answer is lost. */
import type { ArmClient } from "../azure/armClient.ts";
import { ArmError, AzureFailure } from "../azure/failure.ts";
import { readJitPolicy, type JitPolicy } from "../azure/jitPolicies.ts";
import { initiateJit, type JitInitiation } from "../azure/jitRequests.ts";
import { activeGrants } from "./activeGrants.ts";
import type { JitTarget } from "./targets.ts";

/** Azure writes more decimals of a second than it is sent; whether it keeps them is not documented. */
const toleranceMs = 1000;

/**
 * @throws ArmError if Azure refuses the request. @throws AzureFailure if it did not answer and has not made the request,
 * or if neither is known.
 */
export async function requestAccess(
  arm: ArmClient,
  target: JitTarget,
  initiation: JitInitiation,
  correlationId: string,
): Promise<void> {
  try {
    await initiateJit(arm, target.policy.id, initiation, correlationId);
  } catch (error) {
    if (!isLostAnswer(error)) throw error;
    const policy = await readPolicy(arm, target.policy.id, error);
    if (!holds(policy, target, initiation, arm.now())) throw error;
  }
}

/** Whether Azure may have carried out the call in spite of the error. */
function isLostAnswer(error: unknown): error is AzureFailure {
  return error instanceof AzureFailure && (!(error instanceof ArmError) || error.status >= 500);
}

async function readPolicy(arm: ArmClient, policyId: string, lost: AzureFailure): Promise<JitPolicy> {
  try {
    return await readJitPolicy(arm, policyId);
  } catch (error) {
    if (!(error instanceof AzureFailure)) throw error;
    throw new AzureFailure(
      `${lost.message} The request may have been made.`,
      "Check with `jit ls` before requesting again: the port may be open.",
      { cause: error },
    );
  }
}

/** Whether a policy has an active request for each of the ports, with this reason and end. */
function holds(policy: JitPolicy, target: JitTarget, { ports, justification }: JitInitiation, now: Date): boolean {
  const grants = activeGrants(policy, target, now).filter(({ reason }) => reason === justification);
  return ports.every(({ number, end }) =>
    grants.some((grant) => grant.port === number && Math.abs(Date.parse(grant.end) - end.getTime()) < toleranceMs),
  );
}
