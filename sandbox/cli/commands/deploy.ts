import type { CommandContext, CommandResult } from "../command.ts";
import { openRunningStack, type OpenStackOptions } from "../openStack.ts";
import { presentChanges, presentOutputs, presentResource } from "../present.ts";

/** `up`. */
export async function up(context: CommandContext, options: OpenStackOptions): Promise<CommandResult> {
  const stack = await openRunningStack(context, options);
  const { outputs, changes } = await stack.up();
  return {
    json: { outputs, changes: { ...changes } },
    text: `${presentOutputs(outputs)}\n\n${presentChanges(changes)}`,
  };
}

/** `preview`: shows each resource that `up` would change, with the values, and the counts. */
export async function preview(context: CommandContext, options: OpenStackOptions): Promise<CommandResult> {
  const stack = await openRunningStack(context, options);
  const { changes, resources } = await stack.preview();
  return {
    json: {
      changes: { ...changes },
      resources: resources.map((one) => ({ ...one, differences: one.differences.map((value) => ({ ...value })) })),
    },
    text: [...resources.map(presentResource), presentChanges(changes)].join("\n"),
  };
}

/** `refresh` and `destroy`. */
export async function change(
  context: CommandContext,
  operation: "refresh" | "destroy",
  options: OpenStackOptions,
): Promise<CommandResult> {
  const stack = await openRunningStack(context, options);
  const changes = await stack[operation]();
  return { json: { changes: { ...changes } }, text: presentChanges(changes) };
}
