import { InterceptingCall, Metadata, type Interceptor, type status } from "@grpc/grpc-js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import settings from "@pulumi/pulumi/runtime/settings.js";
import deploy from "../../index.ts";
import { readDescription, sandboxDirectory } from "../../sandbox/directory.ts";
import { resolveEngine } from "../../sandbox/engine/resolve.ts";
import { messageOf } from "../../sandbox/failure.ts";
import { silentProgress } from "../../sandbox/progress.ts";
import { SandboxStack } from "../../sandbox/stack.ts";

/*
 * Runs the stack of a sandbox, one run after another, and loses calls between the program and the engine. Its arguments are
 * the sandbox's folder and the stack config; it gets a `LossyRun` and answers with an `Outcome`.
 */

/** A call that ends with a gRPC status instead of the engine's answer. */
export interface Loss {
  /** As gRPC names it, e.g. `RegisterResource`. */
  readonly method: string;
  /** Which call of the method in a run, from 1. */
  readonly number: number;
  readonly code: status;
  /** Whether the engine carries the call out all the same. */
  readonly carriedOut: boolean;
}

export interface LossyRun {
  readonly operation: "preview" | "up";
  /** Default: no call is lost. */
  readonly loss?: Loss;
  /** Default: the project's own. `reading` reads a resource besides; `empty` registers nothing. */
  readonly program?: "empty" | "reading";
}

export interface Outcome {
  /** What the command line would print. */
  readonly error?: string;
  /** Whether the call came that was to be lost. */
  readonly lost: boolean;
}

let loss: Loss | undefined;
let calls = 0;

const interceptor: Interceptor = (options, nextCall) => {
  const isLost = options.method_definition.path.endsWith(`/${loss?.method ?? ""}`) && ++calls === loss?.number;
  const { code, carriedOut } = isLost ? loss! : {};
  if (code === undefined) {
    return new InterceptingCall(nextCall(options));
  }
  const ending = { code, details: "lost by a test", metadata: new Metadata() };
  return new InterceptingCall(nextCall(options), {
    start(metadata, listener, next) {
      if (carriedOut === true) {
        next(metadata, {
          onReceiveStatus: (_, nextStatus) => {
            nextStatus(ending);
          },
        });
      } else {
        setImmediate(() => {
          listener.onReceiveStatus(ending);
        });
      }
    },
    sendMessage(message, next) {
      if (carriedOut === true) next(message);
    },
    halfClose(next) {
      if (carriedOut === true) next();
    },
  });
};
(settings as unknown as { grpcClientOptions: { interceptors: Interceptor[] } }).grpcClientOptions.interceptors.push(
  interceptor,
);

const [, , folder = "", configFile = ""] = process.argv;
const directory = sandboxDirectory(folder);
const common = {
  directory,
  description: readDescription(directory)!,
  engine: await resolveEngine(silentProgress),
  progress: silentProgress,
  configFile,
};
const stacks = {
  own: await SandboxStack.open(common),
  empty: await SandboxStack.open({ ...common, program: () => Promise.resolve({}) }),
  reading: await SandboxStack.open({
    ...common,
    program: async () => {
      const { subscriptionId } = common.description;
      ResourceGroup.get("read", `/subscriptions/${subscriptionId}/resourceGroups/trail`);
      return { ...(await deploy()) };
    },
  }),
};

async function run(request: LossyRun): Promise<Outcome> {
  loss = request.loss;
  calls = 0;
  try {
    await stacks[request.program ?? "own"][request.operation]();
    return { lost: calls >= (loss?.number ?? Infinity) };
  } catch (error) {
    return { error: messageOf(error), lost: calls >= (loss?.number ?? Infinity) };
  }
}

process.on("message", (request: LossyRun) => {
  void run(request).then((outcome) => process.send?.(outcome));
});
process.on("disconnect", () => process.exit(0));
