import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";

/**
 * Returns a resource hook that runs in the async context in which it is created. Pulumi's SDK finds the engine through
 * Node's async context, and calls hooks outside the context of an inline program (Automation API), where they could
 * neither log nor call a provider.
 *
 * @param subject - the component that the hook belongs to, for example `BastionHost "main"`.
 * @param purpose - what it does; unique in the component.
 */
export function hook(
  subject: string,
  purpose: string,
  callback: pulumi.ResourceHookFunction,
  opts?: pulumi.ResourceHookOptions,
): pulumi.ResourceHook {
  const name = uniqueName(`${subject} ${purpose}`.replaceAll('"', ""));
  return new pulumi.ResourceHook(name, AsyncResource.bind(callback), opts);
}

/**
 * Adds hooks before updates to the options of a component. `mergeOptions` changes the hooks of its first argument, and a
 * program may give the same options to several components.
 */
export function withUpdateHooks(
  opts: pulumi.ComponentResourceOptions | undefined,
  beforeUpdate: pulumi.ResourceHook[],
): pulumi.ComponentResourceOptions {
  return pulumi.mergeOptions({ ...opts, hooks: { ...opts?.hooks } }, { hooks: { beforeUpdate } });
}

/** How often each name was used, by the engine's address, or by the mocks in its place. */
const usedNames = new Map<unknown, Map<string, number>>();

/**
 * The engine refuses a second hook of the same name. Components of one type can have the same name if their parents
 * have different types, so a name that is in use gets a number. For a program in another language, Pulumi's SDK connects
 * anew for each component.
 */
function uniqueName(name: string): string {
  const monitor = pulumi.runtime.getMonitor() as Monitor | undefined;
  if (monitor === undefined) return name;
  const engine = monitor.getChannel?.().getTarget() ?? monitor;
  const used = usedNames.get(engine) ?? new Map<string, number>();
  usedNames.set(engine, used);
  const count = (used.get(name) ?? 0) + 1;
  used.set(name, count);
  return count === 1 ? name : `${name} ${count}`;
}

/** The gRPC client that calls the engine; mocks have no channel. */
interface Monitor {
  readonly getChannel?: () => { getTarget(): string };
}
