import { textAt, type JsonObject } from "../../json.ts";
import type { ActionContext } from "../../requestContext.ts";
import type { ActionResult } from "../../typeRules.ts";
import { missingParameter } from "./invalidParameter.ts";
import { requireRunning } from "./powerState.ts";

/**
 * Answers POST `runCommand` (Compute REST reference, "Virtual Machines - Run Command"). There is no guest that could
 * run a script: the response has Azure's form and says so in the script's error output.
 */
export function runCommand({ resource, body }: ActionContext): ActionResult {
  if (textAt(body, "commandId") === undefined) throw missingParameter("commandId");
  requireRunning(resource, "The operation requires the VM to be running (or set to run).");
  const part = (stream: "StdOut" | "StdErr", message: string): JsonObject => ({
    code: `ComponentStatus/${stream}/succeeded`,
    level: "Info",
    displayStatus: "Provisioning succeeded",
    message,
  });
  const value = [part("StdOut", ""), part("StdErr", "The sandbox has no real VM: the script was not run.")];
  return { status: 200, longRunning: true, body: { value } };
}
