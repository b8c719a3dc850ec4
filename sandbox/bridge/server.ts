import { createRequire } from "node:module";
import * as grpc from "@grpc/grpc-js";
import type { SandboxIdentity } from "../identity.ts";
import { createArmClient } from "./armClient.ts";
import type { FederatedCredential } from "./armClient.ts";
import { azureNativePlugin } from "./azureNative/plugin.ts";
import type { ResourcePlugin } from "./provider.ts";
import { randomPlugin } from "./random.ts";
import { providerService } from "./service.ts";

export interface BridgeOptions {
  /** Port on 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** The control plane, `https://127.0.0.1:PORT` without a closing slash. */
  readonly armEndpoint: string;
  /** Certificate of the authority that signed the control plane's, as PEM. */
  readonly ca: string;
  readonly identity: SandboxIdentity;
  /** Who the azure-native plugin signs in as. Default: the sandbox's application. */
  readonly credential?: FederatedCredential;
  /** First wait before a refused request is repeated, in milliseconds, where Azure names no `Retry-After`. Default 200. */
  readonly retryDelayMs?: number;
  /** Gets one line for each operation that failed. Default: nowhere. */
  readonly log?: (line: string) => void;
}

export interface Bridge {
  /** Port for `PULUMI_DEBUG_PROVIDERS=azure-native:PORT,random:PORT`. */
  readonly port: number;
  /** Ends running operations and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts the azure-native and random plugins as one gRPC server that Pulumi's engine attaches to.
 * @throws Error when the port is taken.
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
    // A state may be large, and a thousand resources are written at once.
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
    "grpc.max_concurrent_streams": 10_000,
  });
  server.addService(definition, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    const address = `127.0.0.1:${options.port ?? 0}`;
    server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(new Error(`The provider bridge cannot listen on ${address}: ${error.message}`));
    });
  });
  return {
    port,
    close: () => {
      server.forceShutdown();
      client.close();
      return Promise.resolve();
    },
  };
}

/** The highest version of the SDKs that the bridge stands behind. */
function newestSdk(): string {
  const require = createRequire(import.meta.url);
  const versions = ["@pulumi/azure-native", "@pulumi/random"].map((name) => {
    const { version } = require(`${name}/package.json`) as { version: string };
    return version.replace(/^v/, "");
  });
  return versions.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1) ?? "";
}
