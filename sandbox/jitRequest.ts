import { call, callOrFail, type Answer } from "./adminClient.ts";
import { objectsAt, textAt, textsAt, type JsonObject } from "./arm/json.ts";
import { sameId } from "./arm/ids.ts";
import type { SandboxDescription } from "./directory.ts";
import { Failure } from "./failure.ts";
import { userToken } from "./people.ts";

/** A request to reach a VM. */
export interface AccessRequest {
  /** Name of the VM, or its ARM id. */
  readonly vm: string;
  /** Entra account of the user. */
  readonly user: string;
  readonly minutes: number;
  /** Justification. */
  readonly reason?: string;
  /** Defaults to every port of the VM's policy. */
  readonly port?: number;
}

/** API version of `security.JitNetworkAccessPolicy`. */
const apiVersion = "2020-01-01";

/**
 * Requests JIT access through ARM's `initiate`, signed in as the user. The source is the one that the policy allows,
 * the Bastion subnet, stated explicitly: otherwise Azure opens the port for the requestor's own address, which Bastion
 * never uses.
 * @returns ARM's response, even if it is a refusal.
 * @throws `Failure` if no policy covers the VM.
 */
export async function requestAccess(description: SandboxDescription, request: AccessRequest): Promise<Answer> {
  const token = await userToken(description, request.user);
  const subscription = `/subscriptions/${description.subscriptionId}`;
  const policies = await callOrFail(
    description,
    "GET",
    `${subscription}/providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=${apiVersion}`,
    { token },
  );
  const covered = objectsAt(policies, "value").flatMap((policy) =>
    objectsAt(policy, "properties.virtualMachines").map((machine) => ({ policyId: idOf(policy), machine })),
  );
  const match = covered.find(({ machine }) => isNamed(idOf(machine), request.vm));
  if (match === undefined) {
    const names = covered.map(({ machine }) => idOf(machine).split("/").at(-1)).join(", ");
    const known = names === "" ? "Deploy one with: npm run sandbox -- up" : `VMs with a JIT policy: ${names}.`;
    throw new Failure(`No JIT policy covers a VM named "${request.vm}". ${known}`);
  }
  const clock = await callOrFail(description, "GET", "/sandbox/clock");
  const endTimeUtc = new Date(Date.parse(textAt(clock, "now") ?? "") + request.minutes * 60_000).toISOString();
  const ports = objectsAt(match.machine, "ports").filter(
    ({ number }) => request.port === undefined || number === request.port,
  );
  if (ports.length === 0) {
    const numbers = objectsAt(match.machine, "ports").map(({ number }) => Number(number));
    throw new Failure(
      `The JIT policy of ${request.vm} does not include port ${request.port}. Its ports: ${numbers.join(", ")}.`,
    );
  }
  return call(description, "POST", `${match.policyId}/initiate?api-version=${apiVersion}`, {
    token,
    body: {
      virtualMachines: [
        {
          id: idOf(match.machine),
          ports: ports.map((port) => ({
            number: port.number ?? null,
            allowedSourceAddressPrefix: sourceOf(port),
            endTimeUtc,
          })),
        },
      ],
      ...(request.reason === undefined ? {} : { justification: request.reason }),
    },
  });
}

function idOf(resource: JsonObject): string {
  return textAt(resource, "id") ?? "";
}

function isNamed(id: string, name: string): boolean {
  return sameId(id, name) || id.split("/").at(-1)?.toLowerCase() === name.toLowerCase();
}

function sourceOf(port: JsonObject): string {
  return textAt(port, "allowedSourceAddressPrefix") ?? textsAt(port, "allowedSourceAddressPrefixes")[0] ?? "";
}
