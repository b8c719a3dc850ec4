/** Sends a request for access, and finds out whether Azure made it if the answer is lost. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ArmClient } from "../azure/armClient.ts";
import { ArmError, AzureFailure } from "../azure/failure.ts";
import type { JitGrant } from "../azure/jitGrants.ts";
import { readJitPolicy, type JitPolicy } from "../azure/jitPolicies.ts";
import { initiateJit, type JitInitiation } from "../azure/jitRequests.ts";
import { retryDelay } from "../azure/retries.ts";
import { activeGrants } from "./activeGrants.ts";
import type { JitTarget } from "./targets.ts";

/** How often a request is sent that Azure has not made. */
const attempts = 3;

/** Azure writes more decimals of a second than it is sent; whether it keeps them is not documented. */
const toleranceMs = 1000;

/**
 * Sends the request again if the answer is lost and the policy does not have it, unless it would end a later grant early.
 * @throws ArmError if Azure refuses the request. @throws AzureFailure if it did not answer and has not made the request,
 * or if neither is known.
 */
export async function requestAccess(
  arm: ArmClient,
  target: JitTarget,
  initiation: JitInitiation,
  { correlationId, signal }: { readonly correlationId: string; readonly signal: AbortSignal },
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await initiateJit(arm, target.policy.id, initiation, correlationId);
      return;
    } catch (error) {
      if (!isLostAnswer(error)) throw error;
      const policy = await readPolicy(arm, target.policy.id, error);
      const grants = activeGrants(policy, target, arm.now());
      if (holds(grants, initiation)) return;
      if (attempt === attempts || endsEarly(grants, initiation)) throw error;
      await sleep(retryDelay(attempt), undefined, { signal });
    }
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

/** Whether there is an active request for each of the ports, with this reason and end. */
function holds(grants: readonly JitGrant[], { ports, justification }: JitInitiation): boolean {
  const same = grants.filter(({ reason }) => reason === justification);
  return ports.every(({ number, end }) =>
    same.some((grant) => grant.port === number && Math.abs(Date.parse(grant.end) - end.getTime()) < toleranceMs),
  );
}

/** Whether a request would replace a grant that ends later. */
function endsEarly(grants: readonly JitGrant[], { ports }: JitInitiation): boolean {
  return ports.some(({ number, end }) =>
    grants.some((grant) => grant.port === number && Date.parse(grant.end) > end.getTime()),
  );
}
