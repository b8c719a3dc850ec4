import type { SandboxIdentity } from "../identity.ts";
import type { Tls } from "../tls.ts";
import type { ActivityLog } from "./activityLog.ts";
import type { Clock, JsonObject, ProviderModule } from "./model.ts";
import type { SandboxStore } from "./store.ts";

/** Local-only endpoints under `/sandbox/`, beside Azure's own, keyed `METHOD /sandbox/path`. They need no token. */
export type AdminRoutes = Readonly<
  Record<string, (request: { body: JsonObject; query: URLSearchParams }) => JsonObject | Promise<JsonObject>>
>;

export interface ArmServerOptions {
  readonly tls: Tls;
  /** Default: a free one. */
  readonly port?: number;
  readonly store: SandboxStore;
  readonly clock: Clock & { advance(ms: number): Promise<void>; readonly offsetMs: number };
  readonly providers: readonly ProviderModule[];
  readonly identity: SandboxIdentity;
  readonly activityLog: ActivityLog;
  readonly admin?: AdminRoutes;
  /** How long a long-running operation takes on the sandbox clock, in milliseconds. Settable later with `POST /sandbox/delays`. */
  readonly operationDelayMs: number;
}

export interface ArmServer {
  /** `https://127.0.0.1:PORT`, without a closing slash. */
  readonly endpoint: string;
  readonly port: number;
  /** Stops listening, drops open connections and stops the timers of running operations; they go on at the next start. */
  close(): Promise<void>;
}

/** Starts Azure Resource Manager and the login endpoint of one sandbox on 127.0.0.1. */
export function startArmServer(options: ArmServerOptions): Promise<ArmServer> {
  return Promise.reject(new Error(`The control plane of ${options.identity.subscriptionId} is not written yet.`));
}
