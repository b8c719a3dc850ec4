import { once } from "node:events";
import { connect } from "node:net";
import * as grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import resourceServices from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourceMessages from "@pulumi/pulumi/proto/resource_pb.js";
import type * as wire from "@pulumi/pulumi/proto/resource_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import structMessages from "google-protobuf/google/protobuf/struct_pb.js";

/**
 * A call, identified by its method, such as `registerResource`, and its number among the calls of that method, from 1.
 */
export interface EngineCall {
  readonly method: string;
  readonly number: number;
}

export interface MockEngineOptions {
  /** Returns the gRPC status with which a call fails instead of being answered. Default: no call fails. */
  readonly lose?: ((call: EngineCall) => grpc.status | undefined) | undefined;
}

export interface MockEngine {
  /** `host:port` at which a program finds both the engine and its resource monitor. */
  readonly address: string;
  /** Number of resources, other than components, registered since the last call. */
  resources(): number;
  /** Number of calls of a method. */
  calls(method: string): number;
  /** Stops at once: breaks every connection and accepts no more. */
  kill(): void;
  close(): Promise<void>;
}

const subscriptionId = "11111111-2222-3333-4444-555555555555";

/** Outputs that the program reads in addition to the inputs. */
const answered = {
  result: "k3j9x2ab",
  primaryEndpoints: { blob: "https://bench.blob.core.windows.net/" },
};
const client = { subscriptionId, tenantId: "0", clientId: "0", objectId: "0" };

/** Types of the resources whose ids other resources take, with their ARM types; the components check such ids. */
const armTypes: Readonly<Record<string, string>> = {
  "azure-native:network:BastionHost": "Microsoft.Network/bastionHosts",
  "azure-native:network:Subnet": "Microsoft.Network/virtualNetworks/net/subnets",
  "azure-native:operationalinsights:Workspace": "Microsoft.OperationalInsights/workspaces",
  "azure-native:storage:StorageAccount": "Microsoft.Storage/storageAccounts",
};

function pathOf(type: string, name: string): string {
  return `${armTypes[type] ?? "Bench"}/${name}`;
}

/** The features that a current engine reports. */
const features = Object.values(resourceMessages.ResourceMonitorFeature).filter((value) => typeof value === "number");

type Answer<Request> = (request: Request) => unknown;

/**
 * Starts the two services that a program calls. They answer every registration at once, so that measuring the program's
 * process, as the language host starts it, includes no time of Azure or of the engine.
 */
export async function startMockEngine({ lose }: MockEngineOptions = {}): Promise<MockEngine> {
  let count = 0;
  const calls = new Map<string, number>();
  const received = (method: string) => {
    const number = (calls.get(method) ?? 0) + 1;
    calls.set(method, number);
    return lose?.({ method, number });
  };
  const server = new grpc.Server();
  server.addService(
    ...service(received, resourceServices.ResourceMonitorService, {
      getDeploymentInfo: () => {
        const answer = new resourceMessages.DeploymentInfo();
        answer.setSupportedfeaturesList(features);
        return answer;
      },
      supportsFeature: () => {
        const answer = new resourceMessages.SupportsFeatureResponse();
        answer.setHassupport(true);
        return answer;
      },
      registerResource: (request: wire.RegisterResourceRequest) => {
        const answer = new resourceMessages.RegisterResourceResponse();
        const name = request.getName();
        answer.setUrn(`urn:pulumi:bench::bastion-trail::${request.getType()}::${name}`);
        if (request.getCustom()) {
          count += 1;
          const outputs = request.getObject() ?? new structMessages.Struct();
          const fields = outputs.getFieldsMap();
          const path = pathOf(request.getType(), fields.get("subnetName")?.getStringValue() ?? name);
          answer.setId(`/subscriptions/${subscriptionId}/resourceGroups/bench/providers/${path}`);
          for (const [key, value] of Object.entries({ ...answered, name })) {
            fields.set(key, structMessages.Value.fromJavaScript(value));
          }
          answer.setObject(outputs);
        }
        return answer;
      },
      invoke: () => {
        const answer = new resourceMessages.ResourceInvokeResponse();
        answer.setReturn(structMessages.Struct.fromJavaScript(client));
        return answer;
      },
      registerResourceOutputs: empty,
      registerResourceHook: empty,
      signalAndWaitForShutdown: empty,
    }),
  );
  server.addService(
    ...service(received, engineServices.EngineService, {
      log: empty,
      getRootResource: () => new engineMessages.GetRootResourceResponse(),
      setRootResource: () => new engineMessages.SetRootResourceResponse(),
      requirePulumiVersion: () => new engineMessages.RequirePulumiVersionResponse(),
    }),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  // The first connection costs the server more than later ones.
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.destroy();
  return {
    address: `127.0.0.1:${port}`,
    resources() {
      const registered = count;
      count = 0;
      return registered;
    },
    calls: (method) => calls.get(method) ?? 0,
    kill() {
      server.forceShutdown();
    },
    close: () =>
      new Promise((resolve) => {
        server.tryShutdown(() => {
          resolve();
        });
      }),
  };
}

function empty(): unknown {
  return new emptyMessages.Empty();
}

/** gRPC answers a call that has no handler here with UNIMPLEMENTED. */
function service(
  received: (method: string) => grpc.status | undefined,
  definition: grpc.ServiceDefinition,
  answers: Readonly<Record<string, Answer<never>>>,
): [grpc.ServiceDefinition, grpc.UntypedServiceImplementation] {
  const handlers = Object.entries(answers).map(([name, answer]) => {
    const handle: grpc.handleUnaryCall<never, unknown> = (call, callback) => {
      const code = received(name);
      if (code === undefined) callback(null, answer(call.request));
      else callback({ code, details: "lost" });
    };
    return [name, handle] as const;
  });
  return [definition, Object.fromEntries(handlers) as grpc.UntypedServiceImplementation];
}
