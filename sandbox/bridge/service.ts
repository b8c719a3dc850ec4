import type * as grpc from "@grpc/grpc-js";
import type * as wire from "@pulumi/pulumi/proto/provider_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb.js";
import type { SandboxIdentity } from "../identity.ts";
import { connections } from "./connections.ts";
import { grpcError } from "./grpcError.ts";
import { fromStruct, parseUrn, toStruct } from "./protocol.ts";
import type { Autonaming, CheckFailure, DiffAnswer, OperationContext, ResourcePlugin } from "./provider.ts";

type Call = grpc.ServerUnaryCall<unknown, unknown>;
type Handler<Request> = (call: grpc.ServerUnaryCall<Request, unknown>, callback: grpc.sendUnaryData<unknown>) => void;

/** The sandbox's settings that the service needs. */
export interface ServiceOptions {
  readonly identity: SandboxIdentity;
  /** Endpoint of the control plane: `https://127.0.0.1:PORT`. */
  readonly armEndpoint: string;
  /**
   * The version that every plugin reports: the engine warns if it is older than the SDK, and does not say which plugin
   * it asks.
   */
  readonly version: string;
  readonly log: (line: string) => void;
}

/** Pulumi's ResourceProvider protocol for the plugins, each selected by the package in a type or function token. */
export function providerService(
  plugins: Readonly<Record<string, ResourcePlugin>>,
  { identity, armEndpoint, version, log }: ServiceOptions,
): { definition: grpc.ServiceDefinition; implementation: grpc.UntypedServiceImplementation } {
  const engines = connections();

  const pluginOf = (token: string): ResourcePlugin => {
    const plugin = plugins[token.slice(0, token.indexOf(":"))];
    if (plugin !== undefined) return plugin;
    throw new Error(
      `The sandbox does not know "${token}": it has the providers ${Object.keys(plugins).join(" and ")}.`,
    );
  };
  const pluginOfUrn = (urn: string): ResourcePlugin => pluginOf(parseUrn(urn).type);

  /**
   * Answers a call with the result of a function; converts an error to a gRPC status, with the partial state if there
   * is one.
   */
  const unary =
    <Request>(name: string, handle: (request: Request, call: Call) => unknown): Handler<Request> =>
    (call, callback) => {
      Promise.resolve()
        .then(() => handle(call.request, call))
        .then(
          (answer) => {
            callback(null, answer);
          },
          (error: unknown) => {
            const status = grpcError(error);
            log(`${name}: ${status.details ?? ""}`);
            callback(status);
          },
        );
    };

  /** Like `unary`, for operations on the cloud: stops waiting if the engine disconnects or cancels. */
  const operation = <Request extends object>(
    name: string,
    handle: (request: Request, context: OperationContext) => Promise<unknown>,
  ): Handler<Request> =>
    unary<Request>(name, (request, call) => {
      // Every operation but a function has a timeout.
      const seconds = (request as { getTimeout?: () => number }).getTimeout?.() ?? 0;
      return engines.of(call).run(call, seconds, (context) => handle(request, context));
    });

  const implementation = {
    handshake: unary<wire.ProviderHandshakeRequest>("Handshake", (request, call) => {
      engines.of(call).engineAddress = request.getEngineAddress();
      const answer = new providerMessages.ProviderHandshakeResponse();
      answer.setSupportsAutonamingConfiguration(true);
      return answer;
    }),
    attach: unary<PluginAttach>("Attach", (request, call) => {
      engines.of(call).engineAddress = request.getAddress();
      return new emptyMessages.Empty();
    }),
    getPluginInfo: unary("GetPluginInfo", () => {
      const answer = new pluginMessages.PluginInfo();
      answer.setVersion(version);
      return answer;
    }),
    configure: unary<wire.ConfigureRequest>("Configure", (request, call) => {
      const config = configOf(request);
      assertOwnSubscription(config, identity);
      assertOwnCloud(config, armEndpoint);
      engines.of(call).config = config;
      // Like azure-native, the bridge accepts no secrets: the engine unwraps them, and marks them again in the outputs.
      const answer = new providerMessages.ConfigureResponse();
      answer.setSupportspreview(true);
      answer.setSupportsAutonamingConfiguration(true);
      return answer;
    }),
    checkConfig: unary<wire.CheckRequest>("CheckConfig", (request) => {
      const answer = new providerMessages.CheckResponse();
      answer.setInputs(request.getNews());
      return answer;
    }),
    diffConfig: unary<wire.DiffRequest>("DiffConfig", () => new providerMessages.DiffResponse()),
    cancel: unary("Cancel", (_request, call) => {
      engines.of(call).cancel();
      return new emptyMessages.Empty();
    }),

    check: unary<wire.CheckRequest>("Check", async (request, call) => {
      const { inputs, failures } = await pluginOfUrn(request.getUrn()).check({
        urn: request.getUrn(),
        olds: fromStruct(request.getOlds()),
        news: fromStruct(request.getNews()),
        randomSeed: request.getRandomseed_asU8(),
        autonaming: autonamingOf(request),
        config: engines.of(call).config,
      });
      const answer = new providerMessages.CheckResponse();
      answer.setInputs(toStruct(inputs));
      answer.setFailuresList(failures.map(checkFailure));
      return answer;
    }),
    diff: unary<wire.DiffRequest>("Diff", (request) =>
      diffResponse(
        pluginOfUrn(request.getUrn()).diff({
          urn: request.getUrn(),
          oldInputs: fromStruct(request.getOldInputs()),
          oldState: fromStruct(request.getOlds()),
          news: fromStruct(request.getNews()),
        }),
      ),
    ),
    create: operation<wire.CreateRequest>("Create", async (request, context) => {
      const inputs = fromStruct(request.getProperties());
      const query = { urn: request.getUrn(), inputs, preview: request.getPreview() };
      const { id, state } = await pluginOfUrn(query.urn).create(query, context);
      const answer = new providerMessages.CreateResponse();
      answer.setId(id);
      answer.setProperties(toStruct(state));
      return answer;
    }),
    read: operation<wire.ReadRequest>("Read", async (request, context) => {
      const inputs = fromStruct(request.getInputs());
      // The engine sends no inputs, or empty ones, for a resource that is imported or looked up.
      const oldInputs = Object.keys(inputs).length === 0 ? undefined : inputs;
      const oldState = fromStruct(request.getProperties());
      const found = await pluginOfUrn(request.getUrn()).read(
        { urn: request.getUrn(), id: request.getId(), oldState, oldInputs },
        context,
      );
      const answer = new providerMessages.ReadResponse();
      if (found === undefined) return answer;
      answer.setId(found.id);
      answer.setProperties(toStruct(found.state));
      answer.setInputs(toStruct(found.inputs));
      return answer;
    }),
    update: operation<wire.UpdateRequest>("Update", async (request, context) => {
      const state = await pluginOfUrn(request.getUrn()).update(
        {
          urn: request.getUrn(),
          id: request.getId(),
          inputs: fromStruct(request.getNews()),
          preview: request.getPreview(),
          oldState: fromStruct(request.getOlds()),
          oldInputs: fromStruct(request.getOldInputs()),
        },
        context,
      );
      const answer = new providerMessages.UpdateResponse();
      answer.setProperties(toStruct(state));
      return answer;
    }),
    delete: operation<wire.DeleteRequest>("Delete", async (request, context) => {
      const oldState = fromStruct(request.getProperties());
      await pluginOfUrn(request.getUrn()).delete({ urn: request.getUrn(), id: request.getId(), oldState }, context);
      return new emptyMessages.Empty();
    }),
    invoke: operation<wire.InvokeRequest>("Invoke", async (request, context) => {
      const result = await pluginOf(request.getTok()).invoke(request.getTok(), fromStruct(request.getArgs()), context);
      const answer = new providerMessages.InvokeResponse();
      answer.setReturn(toStruct(result));
      return answer;
    }),
  };
  // The generated definition is complete; the engine does not need the methods that are missing here.
  return { definition: providerServices.ResourceProviderService, implementation };
}

/** `azure-native:config:location` is `location` in the plugin. */
function configOf(request: wire.ConfigureRequest): Record<string, string> {
  const config: Record<string, string> = {};
  request.getVariablesMap().forEach((value, key) => {
    config[key.slice(key.lastIndexOf(":") + 1)] = value;
  });
  return config;
}

function assertOwnSubscription(config: Record<string, string>, { subscriptionId }: SandboxIdentity): void {
  const wanted = config.subscriptionId;
  if (wanted === undefined || wanted === "" || wanted.toLowerCase() === subscriptionId.toLowerCase()) return;
  throw new Error(
    `azure-native:subscriptionId is "${wanted}", but the sandbox has one subscription only: ${subscriptionId}.`,
  );
}

/**
 * Settings that select another cloud for azure-native; in a sandbox, ARM_METADATA_HOSTNAME selects the sandbox's own.
 */
const cloudSettings = ["environment", "metadataHost", "resourceManagerEndpoint"] as const;

function assertOwnCloud(config: Record<string, string>, armEndpoint: string): void {
  const { host } = new URL(armEndpoint);
  for (const name of cloudSettings) {
    const value = config[name] ?? "";
    if (value === "" || value.replace(/^https:\/\//i, "").replace(/\/+$/, "") === host) continue;
    throw new Error(
      `azure-native:${name} is "${value}", but the sandbox's cloud is ${host}. Remove the setting, or set it to ${host}.`,
    );
  }
}

const autonamingModes = ["propose", "enforce", "disable"] as const;

function autonamingOf(request: wire.CheckRequest): Autonaming | undefined {
  const options = request.getAutonaming();
  if (options === undefined) return undefined;
  return { mode: autonamingModes[options.getMode()], proposedName: options.getProposedName() };
}

function checkFailure({ property, reason }: CheckFailure): wire.CheckFailure {
  const failure = new providerMessages.CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}

function diffResponse({ changes, replaces, deleteBeforeReplace }: DiffAnswer): wire.DiffResponse {
  const { Kind } = providerMessages.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const answer = new providerMessages.DiffResponse();
  const entries = Object.entries(changes);
  const { DIFF_NONE, DIFF_SOME } = providerMessages.DiffResponse.DiffChanges;
  answer.setChanges(entries.length === 0 ? DIFF_NONE : DIFF_SOME);
  answer.setReplacesList([...replaces]);
  answer.setDeletebeforereplace(deleteBeforeReplace);
  answer.setDiffsList([...new Set(entries.map(([path]) => path.split(".")[0] ?? path))]);
  answer.setHasdetaileddiff(true);
  for (const [path, { kind, replace }] of entries) {
    const change = new providerMessages.PropertyDiff();
    change.setKind(kinds[kind][replace ? 1 : 0]);
    change.setInputdiff(true);
    answer.getDetaileddiffMap().set(path, change);
  }
  return answer;
}
