import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  Client,
  credentials,
  Server,
  type handleUnaryCall,
  type MethodDefinition,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { messageOf } from "./failure.ts";
import { listenForGrpc, type PortWish } from "./ports.ts";

/** Pulumi's own provider of dynamic resources, attached to the engine by its port. */
export interface DynamicProvider {
  readonly port: number;
  close(): Promise<void>;
}

interface ProviderProcess {
  readonly child: ChildProcess;
  readonly client: Client;
}

/**
 * Starts a proxy for the provider that the nodejs language plugin would start for `pulumi.dynamic.Resource`. Its calls
 * are forwarded unchanged, except `Attach`, which an engine requires of an attached provider and which this provider
 * lacks. The provider chooses its own port and needs a process, so it is started at the first call, behind a port that
 * stays the same after restarts.
 * @param environment additional environment of the provider's process, so that it uses the sandbox instead of Azure.
 */
export async function startDynamicProvider(
  wish: PortWish,
  environment: Readonly<Record<string, string>>,
): Promise<DynamicProvider> {
  let provider: Promise<ProviderProcess> | undefined;
  const connect = (): Promise<ProviderProcess> => {
    provider ??= startProcess(environment, () => {
      provider = undefined;
    });
    return provider;
  };
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  server.addService(...forwarding(async () => (await connect()).client));
  return {
    port: await listenForGrpc(server, wish),
    async close() {
      server.forceShutdown();
      const started = await provider?.catch(() => undefined);
      if (started !== undefined) {
        started.client.close();
        const ended = once(started.child, "exit");
        started.child.kill();
        await ended;
      }
    },
  };
}

/** Returns the provider's service with every call forwarded in its wire form. */
function forwarding(client: () => Promise<Client>): [ServiceDefinition, UntypedServiceImplementation] {
  const { ResourceProviderService } = createRequire(import.meta.url)("@pulumi/pulumi/proto/provider_grpc_pb.js") as {
    ResourceProviderService: Record<string, MethodDefinition<unknown, unknown>>;
  };
  const service: Record<string, MethodDefinition<Buffer, Buffer>> = {};
  const handlers: Record<string, handleUnaryCall<Buffer, Buffer>> = {};
  const asIs = (bytes: Buffer): Buffer => bytes;
  for (const [name, method] of Object.entries(ResourceProviderService)) {
    if (method.requestStream || method.responseStream) continue;
    service[name] = {
      path: method.path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    };
    handlers[name] = (call, callback) => {
      if (name === "attach") {
        callback(null, Buffer.alloc(0));
        return;
      }
      client().then(
        (target) => {
          target.makeUnaryRequest(method.path, asIs, asIs, call.request, (error, response) => {
            callback(error, response);
          });
        },
        (error: unknown) => {
          callback({ details: messageOf(error) });
        },
      );
    };
  }
  return [service, handlers];
}

async function startProcess(
  environment: Readonly<Record<string, string>>,
  onEnd: () => void,
): Promise<ProviderProcess> {
  const main = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
  // The first argument is the address of an engine, which the provider requires and never uses.
  const child = fork(main, ["127.0.0.1:0"], {
    env: { ...process.env, ...environment },
    execArgv: ["--import", join(import.meta.dirname, "endWithParent.ts")],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  child.once("exit", onEnd);
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      reject(new Error(`The dynamic provider ended with exit code ${code ?? "none"} before it was ready.`));
    });
  });
  if (child.stdout === null) throw new Error("The dynamic provider has no output to read its port from.");
  const [port] = (await Promise.race([once(createInterface({ input: child.stdout }), "line"), failed])) as [string];
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
  });
  return { child, client };
}
