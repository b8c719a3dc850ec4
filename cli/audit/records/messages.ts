import type { Outcome } from "./types.ts";

/** The messages that state an outcome, compared without case and full stop (azure-docs, "Monitor Azure Bastion"). */
const messages = { connected: "Successfully Connected", failed: "Login Failed" } as const;

/** Returns the outcome that a message states. */
export function outcomeOf(message: string | null): Outcome {
  const words = (message ?? "").toLowerCase().replaceAll(/^[ .]+|[ .]+$/g, "");
  const outcomes = ["connected", "failed"] as const;
  return outcomes.find((outcome) => messages[outcome].toLowerCase() === words) ?? "unknown";
}
