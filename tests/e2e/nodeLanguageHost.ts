/**
 * What Pulumi's language host for Node does in a run: it starts `cmd/run` of the SDK for a program and `cmd/run-plugin` for a
 * plugin. The host itself is part of Pulumi's releases alone, so an engine that was built from Go has none. It is attached to an
 * engine by `PULUMI_DEBUG_LANGUAGES`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import type * as language from "@pulumi/pulumi/proto/language_pb.js";

const require = createRequire(import.meta.url);
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb.js") as {
  LanguageRuntimeService: ServiceDefinition;
};
const messages = require("@pulumi/pulumi/proto/language_pb.js") as typeof language;
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb.js") as { PluginInfo: new () => object };

/** `cmd/run` ends so where it has told the engine of the error itself (@pulumi/pulumi, cmd/run/index.ts). */
const loggedByProgram = 32;

export interface NodeLanguageHost {
  readonly port: number;
  remove(): void;
}

/** Starts the host. @param env - of the programs and plugins that it starts. */
export async function startNodeLanguageHost(env: NodeJS.ProcessEnv): Promise<NodeLanguageHost> {
  const running = new Set<ChildProcess>();
  let engineAddress = "";

  /** Starts a script of the SDK that is installed for the program or plugin in a folder, there. */
  function start(script: string, folder: string, args: readonly string[], more: Record<string, string>): ChildProcess {
    const main = createRequire(join(folder, "package.json")).resolve(`@pulumi/pulumi/cmd/${script}`);
    const child = spawn(process.execPath, [main, ...args], { cwd: folder, env: { ...env, ...more }, stdio: "pipe" });
    running.add(child);
    child.once("exit", () => running.delete(child));
    return child;
  }

  async function run(request: language.RunRequest): Promise<language.RunResponse> {
    const info = request.getInfo()!;
    const { typescript = true } = (info.getOptions()?.toJavaScript() ?? {}) as { typescript?: boolean };
    const settings = ["--monitor", request.getMonitorAddress(), "--engine", engineAddress];
    const names = ["--project", request.getProject(), "--stack", request.getStack()];
    const words = ["--organization", request.getOrganization(), "--parallel", String(request.getParallel())];
    const dryRun = request.getDryrun() ? ["--dry-run"] : [];
    const args = [...settings, ...names, ...words, ...dryRun, "--pwd", request.getPwd(), request.getProgram()];
    const child = start("run", info.getProgramDirectory(), args, {
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      PULUMI_NODEJS_TYPESCRIPT: String(typescript),
    });
    let said = "";
    child.stderr!.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
    child.stdout!.resume();
    const [code] = (await once(child, "close")) as [number | null];
    const response = new messages.RunResponse();
    if (code === loggedByProgram) response.setBail(true);
    else if (code !== 0) response.setError(`The program ended with exit code ${code ?? "none"}: ${said}`);
    return response;
  }

  function runPlugin(call: ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>): void {
    const { request } = call;
    const more: Record<string, string> = {};
    for (const entry of request.getEnvList()) {
      const [, name = "", value = ""] = /^([^=]+)=(.*)$/s.exec(entry) ?? [];
      more[name] = value;
    }
    const folder = request.getInfo()!.getProgramDirectory();
    const child = start("run-plugin", folder, ["--pwd", request.getPwd(), folder, ...request.getArgsList()], more);
    const answer = (fill: (response: language.RunPluginResponse) => void): void => {
      const response = new messages.RunPluginResponse();
      fill(response);
      call.write(response);
    };
    child.stdout!.on("data", (chunk: Buffer) => {
      answer((response) => response.setStdout(chunk));
    });
    child.stderr!.on("data", (chunk: Buffer) => {
      answer((response) => response.setStderr(chunk));
    });
    child.once("close", (code) => {
      answer((response) => response.setExitcode(code ?? 1));
      call.end();
    });
    call.once("cancelled", () => child.kill());
  }

  const server = new Server();
  server.addService(LanguageRuntimeService, {
    handshake(call: ServerUnaryCall<language.LanguageHandshakeRequest, unknown>, done: sendUnaryData<unknown>) {
      engineAddress = call.request.getEngineAddress();
      done(null, new messages.LanguageHandshakeResponse());
    },
    getPluginInfo(_: unknown, done: sendUnaryData<unknown>) {
      done(null, new PluginInfo());
    },
    // The sandbox attaches the providers.
    getRequiredPackages(_: unknown, done: sendUnaryData<unknown>) {
      done(null, new messages.GetRequiredPackagesResponse());
    },
    run(call: ServerUnaryCall<language.RunRequest, unknown>, done: sendUnaryData<unknown>) {
      run(call.request).then(
        (response) => {
          done(null, response);
        },
        (error: unknown) => {
          done({ details: String(error) });
        },
      );
    },
    runPlugin,
  });
  const bind = promisify(server.bindAsync.bind(server));
  const port = await bind("127.0.0.1:0", ServerCredentials.createInsecure());
  return {
    port,
    remove() {
      for (const child of running) child.kill();
      server.forceShutdown();
    },
  };
}
