import { relative } from "node:path";
import { presentEngine } from "../../engine/resolve.ts";
import { ensureStack } from "../../engineCommand.ts";
import { runningSandbox, sandboxStatus, startSandbox, stopSandbox, type StartOptions } from "../../lifecycle.ts";
import { readDescription } from "../../directory.ts";
import { Failure } from "../../failure.ts";
import type { CommandContext, CommandResult } from "../command.ts";
import { presentChanges, presentOutputs, presentPairs } from "../present.ts";

/** `start`: returns once the sandbox is running. */
export async function start({ directory, progress }: CommandContext, options: StartOptions): Promise<CommandResult> {
  const step = progress.step("Starting the sandbox");
  let result: Awaited<ReturnType<typeof startSandbox>>;
  try {
    result = await startSandbox(directory, options);
  } catch (error) {
    step.fail();
    throw error;
  }
  const { description } = result;
  // Nothing is downloaded for this: if no engine is present, the first `up` creates the stack.
  const { engine } = await presentEngine();
  if (engine !== undefined) await ensureStack({ directory, description, engine });
  step.succeed(result.started ? "The sandbox is ready" : "The sandbox is already running");
  const envFile = relative(process.cwd(), directory.envFile);
  return {
    json: {
      started: result.started,
      dir: directory.root,
      env: directory.envFile,
      armEndpoint: description.armEndpoint,
      armPort: description.armPort,
      blobPort: description.blobPort,
      bridgePort: description.bridgePort,
      subscriptionId: description.subscriptionId,
    },
    text:
      presentPairs([
        ["control plane", description.armEndpoint],
        ["blobs", `https://127.0.0.1:${description.blobPort}`],
        ["folder", directory.root],
      ]) +
      `\n\nPoint any client at it:  . ${envFile}` +
      "\nSign the Azure CLI in:   npm run -s sandbox -- login" +
      "\nDeploy:                  npm run sandbox -- up",
  };
}

/** `stop`: returns once all processes of the sandbox have ended. */
export async function stop({ directory, progress }: CommandContext): Promise<CommandResult> {
  const step = progress.step("Stopping the sandbox");
  try {
    const stopped = await stopSandbox(directory);
    const text = stopped ? "The sandbox is stopped" : `No sandbox was running in ${directory.root}`;
    step.succeed(text);
    return { json: { stopped }, text: `${text}.` };
  } catch (error) {
    step.fail();
    throw error;
  }
}

/** `status`: also for a stopped sandbox, whose state is kept; the exit code is then 1. */
export async function status(
  { directory, progress }: CommandContext,
  options: { showSecrets?: boolean },
): Promise<CommandResult> {
  const running = await runningSandbox(directory);
  const description = running ?? readDescription(directory);
  if (description === undefined) {
    throw new Failure(`No sandbox in ${directory.root}. Start one with: npm run sandbox -- start`);
  }
  const { openStack } = await import("../openStack.ts");
  const stack = await openStack({ directory, progress }, description, options);
  const { outputs, changes } = await stack.state();
  const live = running === undefined ? {} : await sandboxStatus(running);
  const facts = Object.entries(live).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return {
    json: { outputs, changes: { ...changes } },
    text: [
      running === undefined
        ? `The sandbox in ${directory.root} is stopped. Start it with: npm run sandbox -- start`
        : `The sandbox runs.\n${presentPairs(facts)}`,
      presentOutputs(outputs),
      `Last run: ${presentChanges(changes)}`,
    ].join("\n\n"),
    refused: running === undefined,
  };
}
