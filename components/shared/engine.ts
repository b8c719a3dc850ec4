import * as pulumi from "@pulumi/pulumi";

/** The gRPC client that calls the engine; mocks have no channel. */
interface Monitor {
  readonly getChannel?: () => { getTarget(): string };
}

/** Returns the address of the engine; `undefined` on Pulumi's mocks. */
export function engineAddress(): string | undefined {
  return (pulumi.runtime.getMonitor() as Monitor | undefined)?.getChannel?.().getTarget();
}
