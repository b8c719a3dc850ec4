import type { ArmClient } from "./armClient.ts";
import { jitApiVersion } from "./jitPolicies.ts";

/** What is requested: ports of one VM, each for one source and until a moment. */
export interface JitInitiation {
  /** ARM id. */
  readonly vm: string;
  readonly ports: readonly { readonly number: number; readonly source: string; readonly end: Date }[];
  readonly justification: string;
}

/**
 * Requests access by a policy (Defender for Cloud, "Jit Network Access Policies - Initiate"). The source is always given:
 * without it, Azure opens the port to the caller's own address, and a connection through Bastion never comes from there.
 * @param correlationId what the activity log's events of this call have.
 * @throws ArmError, e.g. when the caller lacks `Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action`.
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
