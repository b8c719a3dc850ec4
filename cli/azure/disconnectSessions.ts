import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { networkApiVersion } from "./apiVersions.ts";
import { optionalText, readAs } from "./read.ts";
import { isSameIgnoringCase } from "../names/ignoringCase.ts";

export interface Disconnection {
  readonly sessionId: string;
  /** `gone`: the session had already ended. */
  readonly outcome: "disconnected" | "gone" | "failed";
  /** Azure's message, if any. */
  readonly message: string | null;
}

const state = v.object({ sessionId: v.string(), state: optionalText, message: optionalText });

/**
 * Disconnects sessions (Microsoft.Network, `disconnectActiveSessions`).
 * @param correlationId correlation id of this call's events in the activity log.
 * @returns the outcome for each session, in the order given.
 * @throws ArmError, e.g. if the caller lacks `Microsoft.Network/bastionHosts/disconnectActiveSessions/action`.
 */
export async function disconnectSessions(
  arm: ArmClient,
  bastionHostId: string,
  sessionIds: readonly string[],
  correlationId: string,
): Promise<Disconnection[]> {
  const path = `${bastionHostId}/disconnectActiveSessions`;
  const body = { sessionIds };
  const states: v.InferOutput<typeof state>[] = [];
  for await (const item of arm.listOf({ method: "POST", path, apiVersion: networkApiVersion, body, correlationId })) {
    states.push(readAs(state, item, "a disconnected session"));
  }
  return sessionIds.map((sessionId) => {
    const found = states.find((one) => isSameIgnoringCase(one.sessionId, sessionId));
    const missing = "Azure's answer does not mention the session.";
    return {
      sessionId,
      outcome: outcomeOf(found?.state),
      message: found === undefined ? missing : (found.message ?? null),
    };
  });
}

function outcomeOf(text: string | null | undefined): Disconnection["outcome"] {
  switch (text?.toLowerCase() ?? "") {
    case "disconnected":
      return "disconnected";
    case "notfound":
      return "gone";
    default:
      return "failed";
  }
}
