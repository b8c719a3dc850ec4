import type { Outcome } from "./types.ts";

/** The messages that tell an outcome, without regard to case and to a full stop (azure-docs, "Monitor Azure Bastion"). */
const messages = { connected: "Successfully Connected", failed: "Login Failed" } as const;

/** The outcome that a message tells. */
export function outcomeOf(message: string | null): Outcome {
  const words = (message ?? "").toLowerCase().replaceAll(/^[ .]+|[ .]+$/g, "");
  const outcomes = ["connected", "failed"] as const;
  return outcomes.find((outcome) => messages[outcome].toLowerCase() === words) ?? "unknown";
}
