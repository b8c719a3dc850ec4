import type { ArmClient } from "./armClient.ts";
import { jitApiVersion } from "./jitPolicies.ts";

/** The ports of one VM to request, each for one source and until an instant. */
export interface JitInitiation {
  /** ARM id. */
  readonly vm: string;
  readonly ports: readonly { readonly number: number; readonly source: string; readonly end: Date }[];
  readonly justification: string;
}

/**
 * Requests access under a policy (Defender for Cloud, "Jit Network Access Policies - Initiate"). The source is always given:
 * without it, Azure opens the port to the caller's own address, which a connection through Bastion never comes from.
 * It is sent once, even if the answer is lost: sent again, it would be a second request, and could end earlier than one that somebody
 * else has made meanwhile.
 * @param correlationId correlation id of this call's events in the activity log.
 * @throws ArmError, e.g. if the caller lacks `Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action`.
 */
export async function initiateJit(
  arm: ArmClient,
  policyId: string,
  { vm, ports, justification }: JitInitiation,
  correlationId: string,
): Promise<void> {
  await arm.send({
    method: "POST",
    path: `${policyId}/initiate`,
    apiVersion: jitApiVersion,
    once: true,
    correlationId,
    body: {
      virtualMachines: [
        {
          id: vm,
          ports: ports.map(({ number, source, end }) => ({
            number,
            allowedSourceAddressPrefix: source,
            endTimeUtc: end.toISOString(),
          })),
        },
      ],
      justification,
    },
  });
}
