import type { OperationContext } from "./provider.ts";
import { warnEngine } from "./engineLog.ts";

/** The parts of a gRPC call that identify its engine, and whether the engine is still connected. */
export interface EngineCall {
  getPeer(): string;
  on(event: "cancelled", listener: () => void): unknown;
}

/** One engine's connection to one of its providers. */
export interface Connection {
  /** Address at which the engine receives log messages. */
  engineAddress: string;
  /** The provider's config, without the provider's name as prefix. */
  config: Readonly<Record<string, string>>;
  /** Runs an operation that stops waiting if the engine cancels or disconnects, or on timeout. */
  run<Answer>(
    call: EngineCall,
    timeoutSeconds: number,
    work: (context: OperationContext) => Promise<Answer>,
  ): Promise<Answer>;
  /** Ends all running operations of this connection; each then returns the state it reached. */
  cancel(): void;
}

/** Default timeout of azure-native (pulumi-azure-native, azureContext). */
const defaultTimeoutSeconds = 2 * 60 * 60;

/** Several engines may use one bridge at the same time, so cancelling one must not affect the others. */
export function connections(): { of(call: EngineCall): Connection } {
  const byPeer = new Map<string, Connection>();
  return {
    of: (call) => {
      const peer = call.getPeer();
      const known = byPeer.get(peer);
      if (known !== undefined) return known;
      const made = connection();
      byPeer.set(peer, made);
      return made;
    },
  };
}

function connection(): Connection {
  const running = new Set<AbortController>();
  const self: Connection = {
    engineAddress: "",
    config: {},
    run: async (call, timeoutSeconds, work) => {
      const controller = new AbortController();
      running.add(controller);
      call.on("cancelled", () => {
        controller.abort(new Error("the engine went away"));
      });
      const seconds = timeoutSeconds > 0 ? timeoutSeconds : defaultTimeoutSeconds;
      const timer = setTimeout(() => {
        controller.abort(new Error(`the operation took longer than ${seconds} seconds`));
      }, seconds * 1000);
      try {
        return await work({
          signal: controller.signal,
          warn: (urn, message) => {
            if (self.engineAddress !== "") warnEngine(self.engineAddress, urn, message);
          },
        });
      } catch (error) {
        // Waits end with a bare AbortError; users need the reason instead.
        if (error instanceof Error && error.name === "AbortError") throw controller.signal.reason;
        throw error;
      } finally {
        clearTimeout(timer);
        running.delete(controller);
      }
    },
    cancel: () => {
      for (const controller of running) controller.abort(new Error("the operation was canceled"));
    },
  };
  return self;
}
