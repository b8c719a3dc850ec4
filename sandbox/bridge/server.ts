import { createRequire } from "node:module";
import * as grpc from "@grpc/grpc-js";
import type { SandboxIdentity } from "../identity.ts";
import { createArmClient, type FederatedCredential } from "./armClient.ts";
import { listenForGrpc, type PortWish } from "../ports.ts";
import { azureNativePlugin } from "./azureNative/plugin.ts";
import type { ResourcePlugin } from "./provider.ts";
import { randomPlugin } from "./random.ts";
import { providerService } from "./service.ts";

export interface BridgeOptions {
  readonly port?: PortWish;
  /** Endpoint of the control plane, `https://127.0.0.1:PORT` without a trailing slash. */
  readonly armEndpoint: string;
  /** Certificate of the authority that signed the control plane's certificate, as PEM. */
  readonly ca: string;
  readonly identity: SandboxIdentity;
  /** Identity of the azure-native plugin. Defaults to the sandbox's application. */
  readonly credential?: FederatedCredential;
  /** First delay before a retry without `Retry-After`, in milliseconds. Defaults to 200. */
  readonly retryDelayMs?: number;
  /** Called with one line for each failed operation. Defaults to no log. */
  readonly log?: (line: string) => void;
}

export interface Bridge {
  /** Port for `PULUMI_DEBUG_PROVIDERS=azure-native:PORT,random:PORT`. */
  readonly port: number;
  /** Ends running operations and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts the azure-native and random plugins as one gRPC server, to which Pulumi's engine attaches.
 * @throws Failure if the requested port is taken.
 */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const client = createArmClient({
    endpoint: options.armEndpoint,
    ca: options.ca,
    identity: options.identity,
    ...(options.credential === undefined ? {} : { credential: options.credential }),
    ...(options.retryDelayMs === undefined ? {} : { retryDelayMs: options.retryDelayMs }),
  });
  const plugins: Readonly<Record<string, ResourcePlugin>> = {
    "azure-native": azureNativePlugin(client, options.identity),
    random: randomPlugin(),
  };
  const { definition, implementation } = providerService(plugins, {
    identity: options.identity,
    armEndpoint: options.armEndpoint,
    version: newestSdk(),
    log: options.log ?? (() => undefined),
  });
  const server = new grpc.Server({
    // A state can be large, and a thousand resources can be written at once.
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
    "grpc.max_concurrent_streams": 10_000,
  });
  server.addService(definition, implementation);
  return {
    port: await listenForGrpc(server, options.port),
    close: () => {
      server.forceShutdown();
      client.close();
      return Promise.resolve();
    },
  };
}

/** Returns the highest version of the SDKs that the bridge supports. */
function newestSdk(): string {
  const require = createRequire(import.meta.url);
  const versions = ["@pulumi/azure-native", "@pulumi/random"].map((name) => {
    const { version } = require(`${name}/package.json`) as { version: string };
    return version.replace(/^v/, "");
  });
  return versions.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1) ?? "";
}
