import * as pulumi from "@pulumi/pulumi";

/** Returns the value, or the default if none was given. */
export function orElse<T>(value: pulumi.Input<T | undefined>, fallback: T): pulumi.Output<T> {
  return pulumi.output(value).apply((given) => (given as T | undefined) ?? fallback);
}
