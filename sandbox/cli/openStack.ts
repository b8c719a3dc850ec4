import type { SandboxDescription } from "../directory.ts";
import { resolveEngine } from "../engine/resolve.ts";
import { requireRunning } from "../lifecycle.ts";
import { SandboxStack } from "../stack.ts";
import type { CommandContext } from "./command.ts";

export interface OpenStackOptions {
  readonly configFile?: string | undefined;
  readonly policyPacks?: readonly string[] | undefined;
  readonly policyPackConfigs?: readonly string[] | undefined;
  readonly showSecrets?: boolean | undefined;
}

/** Opens the stack of a sandbox, and finds an engine for it. */
export async function openStack(
  context: CommandContext,
  description: SandboxDescription,
  options: OpenStackOptions,
): Promise<SandboxStack> {
  const engine = await resolveEngine(context.progress);
  return SandboxStack.open({ ...context, ...options, description, engine });
}

/** Like `openStack`, but requires a running sandbox. */
export async function openRunningStack(context: CommandContext, options: OpenStackOptions): Promise<SandboxStack> {
  return openStack(context, await requireRunning(context.directory), options);
}
