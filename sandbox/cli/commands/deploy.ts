import type { CommandContext, CommandResult } from "../command.ts";
import { openRunningStack, type OpenStackOptions } from "../openStack.ts";
import { presentChanges, presentOutputs } from "../present.ts";

/** `up`. */
export async function up(context: CommandContext, options: OpenStackOptions): Promise<CommandResult> {
  const stack = await openRunningStack(context, options);
  const { outputs, changes } = await stack.up();
  return {
    json: { outputs, changes: { ...changes } },
    text: `${presentOutputs(outputs)}\n\n${presentChanges(changes)}`,
  };
}

/** `preview`, `refresh` and `destroy`: what changes, or would. */
export async function change(
  context: CommandContext,
  operation: "preview" | "refresh" | "destroy",
  options: OpenStackOptions,
): Promise<CommandResult> {
  const stack = await openRunningStack(context, options);
  const changes = await stack[operation]();
  return { json: { changes: { ...changes } }, text: presentChanges(changes) };
}
