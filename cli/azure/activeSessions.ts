import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { networkApiVersion } from "./apiVersions.ts";
import type { AzureFailure } from "./failure.ts";
import { optionalText, nameOf, readEach } from "./read.ts";
import { minuteMs } from "../time.ts";

/** An open session. The API provides neither the client's address nor the user's e-mail address. */
export interface ActiveSession {
  /** Assumed to be the audit log's tunnel id; Microsoft does not document that. */
  readonly sessionId: string;
  /** ISO 8601 UTC, with milliseconds. */
  readonly start: string;
  /** ARM id. */
  readonly vm: string | null;
  readonly vmName: string | null;
  readonly vmIp: string | null;
  /** `ssh`, `rdp` or another protocol that Bastion reports, in lower case. */
  readonly protocol: string | null;
  /** The account on the VM. */
  readonly account: string | null;
}

const session = v.object({
  sessionId: v.string(),
  // Untyped in Azure's API description.
  startTime: v.optional(v.unknown()),
  sessionDurationInMins: v.nullish(v.number()),
  targetResourceId: optionalText,
  targetHostName: optionalText,
  targetIpAddress: optionalText,
  protocol: optionalText,
  userName: optionalText,
});

/**
 * Returns the sessions that are open on a Bastion host, oldest first (Microsoft.Network, `getActiveSessions`).
 * @param onOdd called for a session of an unexpected form. Default: the error is thrown.
 * @throws ArmError, e.g. if the caller lacks `Microsoft.Network/bastionHosts/getActiveSessions/action`.
 */
export async function activeSessions(
  arm: ArmClient,
  bastionHostId: string,
  onOdd?: (error: AzureFailure) => void,
): Promise<ActiveSession[]> {
  const path = `${bastionHostId}/getActiveSessions`;
  const items = arm.listOf({ method: "POST", path, apiVersion: networkApiVersion });
  const sessions = (await readEach(session, items, "a live session", onOdd)).map((one) => fromWire(one, arm.now()));
  return sessions.sort((a, b) => a.start.localeCompare(b.start));
}

function fromWire(wire: v.InferOutput<typeof session>, now: Date): ActiveSession {
  return {
    sessionId: wire.sessionId,
    start: startOf(wire, now).toISOString(),
    vm: wire.targetResourceId ?? null,
    vmName: wire.targetHostName ?? (wire.targetResourceId ? nameOf(wire.targetResourceId) : null),
    vmIp: wire.targetIpAddress ?? null,
    protocol: wire.protocol?.toLowerCase() ?? null,
    account: wire.userName ?? null,
  };
}

/** Returns the start that Azure states, else the start computed from the duration; now if neither is valid. */
function startOf({ startTime, sessionDurationInMins }: v.InferOutput<typeof session>, now: Date): Date {
  const given = typeof startTime === "string" ? new Date(startTime) : new Date(NaN);
  const counted = new Date(now.getTime() - (sessionDurationInMins ?? 0) * minuteMs);
  return [given, counted].find((time) => !Number.isNaN(time.getTime())) ?? now;
}
