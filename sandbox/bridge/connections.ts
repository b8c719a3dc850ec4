import type { OperationContext } from "./provider.ts";
import { warnEngine } from "./engineLog.ts";

/** What the bridge needs of a gRPC call to know whose it is, and whether its engine is still there. */
export interface EngineCall {
  getPeer(): string;
  on(event: "cancelled", listener: () => void): unknown;
}

/** One engine's connection to one of its providers. */
export interface Connection {
  /** Where the engine takes log messages. */
  engineAddress: string;
  /** The provider's config, without the provider's name in front. */
  config: Readonly<Record<string, string>>;
  /** Runs an operation that stops waiting when the engine cancels, when it goes away, or when the time is up. */
  run<Answer>(
    call: EngineCall,
    timeoutSeconds: number,
    work: (context: OperationContext) => Promise<Answer>,
  ): Promise<Answer>;
  /** Ends all running operations of this connection; each of them then answers with the state it reached. */
  cancel(): void;
}

/** The limit that azure-native sets where the program sets none (pulumi-azure-native, azureContext). */
const defaultTimeoutSeconds = 2 * 60 * 60;

/** Several engines may use one bridge at the same time, so what one of them cancels must not touch the others. */
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
        // Waits end with a bare AbortError; the reason is what the user needs to know.
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
