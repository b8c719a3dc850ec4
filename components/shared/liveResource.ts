/** For looking at a resource as it is in Azure before Pulumi writes it. */
import type { HookInputs } from "./hookInputs.ts";
import { isLostCall } from "./lookup.ts";

/** Returns some inputs of a resource; `undefined` if one of them is not known yet, as in a preview, or is not a text. */
export function textsIn<Name extends string>(
  inputs: HookInputs,
  ...names: readonly Name[]
): Readonly<Record<Name, string>> | undefined {
  const texts = names.map((name) => [name, inputs[name]] as const);
  return texts.every(([, value]) => typeof value === "string")
    ? (Object.fromEntries(texts) as Record<Name, string>)
    : undefined;
}

/**
 * Returns what a lookup finds; `undefined` for what does not exist or cannot be read. Azure itself refuses the latter.
 * @throws the error of a lost call.
 */
export function present<T>(lookup: Promise<T>): Promise<T | undefined> {
  return lookup.catch((error: unknown) => {
    if (isLostCall(error)) throw error;
    return undefined;
  });
}
