import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import { engineAddress } from "./engine.ts";
import type { HookInputs } from "./hookInputs.ts";
import { ValidationError } from "./validate.ts";

/** What a hook gets, with every secret as a plain value. */
export interface HookCall {
  readonly oldInputs?: HookInputs;
  readonly newInputs?: HookInputs;
}

/**
 * Returns a resource hook that runs in the async context in which it is created. Pulumi's SDK finds the engine through
 * Node's async context, and calls hooks outside the context of an inline program (Automation API), where they could
 * neither log nor call a provider.
 *
 * The SDK passes a secret input as an Output. The callback gets its value, so that rules hold for it as well; if it refuses
 * the inputs, the error does not repeat the secrets.
 *
 * @param subject - the component that the hook belongs to, for example `BastionHost "main"`.
 * @param purpose - what it does; unique in the component.
 */
export function hook(
  subject: string,
  purpose: string,
  callback: (call: HookCall) => void | Promise<void>,
  opts?: pulumi.ResourceHookOptions,
): pulumi.ResourceHook {
  const name = uniqueName(`${subject} ${purpose}`.replaceAll('"', ""));
  return new pulumi.ResourceHook(name, AsyncResource.bind(withPlainInputs(callback)), opts);
}

function withPlainInputs(callback: (call: HookCall) => void | Promise<void>): pulumi.ResourceHookFunction {
  return async ({ oldInputs, newInputs }) => {
    const secrets: unknown[] = [];
    const plain = async (inputs: HookInputs | undefined): Promise<HookInputs | undefined> => {
      if (inputs === undefined) return undefined;
      const values = Object.entries(inputs).map(
        async ([key, value]) => [key, await plainValue(value, secrets)] as const,
      );
      return Object.fromEntries(await Promise.all(values));
    };
    const [before, after] = [await plain(oldInputs), await plain(newInputs)];
    try {
      await callback({ ...(before && { oldInputs: before }), ...(after && { newInputs: after }) });
    } catch (error) {
      throw error instanceof ValidationError ? error.hiding(secrets) : error;
    }
  };
}

/** Returns the value of a secret and adds it to the list. What is not known yet, and any other value, is returned unchanged. */
async function plainValue(value: unknown, secrets: unknown[]): Promise<unknown> {
  if (!pulumi.Output.isInstance(value) || !(await (value as unknown as Knowable).isKnown)) return value;
  const known = await new Promise<unknown>((resolve) => {
    value.apply(resolve);
  });
  secrets.push(known);
  return known;
}

/** The part of an Output that is not in its type: `apply` never calls back for an unknown value. */
interface Knowable {
  readonly isKnown: Promise<boolean>;
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
  const engine: unknown = engineAddress() ?? pulumi.runtime.getMonitor();
  if (engine === undefined) return name;
  const used = usedNames.get(engine) ?? new Map<string, number>();
  usedNames.set(engine, used);
  const count = (used.get(name) ?? 0) + 1;
  used.set(name, count);
  return count === 1 ? name : `${name} ${count}`;
}
