import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";

/**
 * A resource hook that runs where it is made. Pulumi's SDK finds the engine by Node's async context, and calls hooks outside of
 * the one of a program that runs inline (Automation API): there they could neither log nor call a provider.
 *
 * @param name - its own in the whole stack.
 */
export function hook(
  name: string,
  callback: pulumi.ResourceHookFunction,
  opts?: pulumi.ResourceHookOptions,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, AsyncResource.bind(callback), opts);
}
