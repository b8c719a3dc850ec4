import type { Outcome } from "./types.ts";

/**
 * The messages that say how a session began or ended, without regard to case and to a full stop. The first two are documented
 * (azure-docs, "Monitor Azure Bastion"); the last is reported from Azure (MicrosoftDocs/azure-docs #79028), for sessions that end
 * and for some logins that fail, so it tells an end and no outcome.
 */
export const messages = {
  connected: "Successfully Connected",
  failed: "Login Failed",
  ended: "Successfully Disconnected",
} as const;

/** The outcome that a message tells. */
export function outcomeOf(message: string | null): Outcome {
  const words = (message ?? "").toLowerCase().replaceAll(/^[ .]+|[ .]+$/g, "");
  const outcomes = ["connected", "failed"] as const;
  return outcomes.find((outcome) => messages[outcome].toLowerCase() === words) ?? "unknown";
}
