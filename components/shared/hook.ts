import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";

/**
 * Returns a resource hook that runs in the async context in which it is created. Pulumi's SDK finds the engine through
 * Node's async context, and calls hooks outside the context of an inline program (Automation API), where they could
 * neither log nor call a provider.
 *
 * @param name - unique in the stack.
 */
export function hook(
  name: string,
  callback: pulumi.ResourceHookFunction,
  opts?: pulumi.ResourceHookOptions,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, AsyncResource.bind(callback), opts);
}
