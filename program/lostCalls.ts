import errors from "@pulumi/pulumi/errors.js";
import * as log from "@pulumi/pulumi/log/index.js";
import settings from "@pulumi/pulumi/runtime/settings.js";
import { setTimeout as delay } from "node:timers/promises";

const { disconnect } = settings;

/** Milliseconds that a failed run waits for its last calls, such as those that log its errors. */
const patience = 10_000;

/**
 * Turns every call to the engine that ends without an answer into an error of the run.
 *
 * Pulumi's SDK takes the gRPC statuses UNAVAILABLE and CANCELLED to mean that the engine is shutting down and has
 * reported why. It then leaves the outputs of the resource pending forever, and ends the program's process with exit
 * code 0 (`cmd/run`) or the inline run as a success (`automation/server.js`): the engine deletes every resource that
 * was not registered by then. An engine that does shut down answers the calls it has accepted, so reporting these
 * statuses is safe (docs/lost-calls.md).
 *
 * Call this before the program's first call to the engine. It modifies the SDK, and so affects every run of this
 * process.
 *
 * @throws Error if the SDK no longer has what this replaces.
 */
export function failOnLostCalls(): void {
  replace(errors, "isGrpcError", () => false);
  replace(settings, "terminateRpcs", () => {
    if (!log.hasErrors()) {
      void log.error(
        "The Pulumi engine ended a call without an answer. The run stops before it deletes anything; run it again.",
      );
    }
  });
  // A call that depends on a failed one is never made, and the SDK would wait for it forever.
  replace(settings, "disconnect", async (succeeded = false) => {
    await (succeeded
      ? disconnect(true)
      : Promise.race([disconnect(false), delay(patience, undefined, { ref: false })]));
  });
  // Runs of one process share the connections to an address, and with them the failure of an engine that has ended.
  replace(settings, "grpcClientOptions", {
    ...(settings as unknown as { grpcClientOptions: object }).grpcClientOptions,
    "grpc.use_local_subchannel_pool": 1,
  });
}

/** Replaces an export of an SDK module. The SDK's own modules look it up there each time they use it. */
function replace(module: object, name: string, replacement: unknown): void {
  if (!(name in module)) {
    throw new Error(`@pulumi/pulumi exports no ${name} any more: lost calls to the engine would go unnoticed.`);
  }
  Object.assign(module, { [name]: replacement });
}
