/**
 * The components as the plugin for programs in other languages, started as Pulumi's language host for Node starts it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { type ClientUnaryCall, credentials, type Client, type ServiceError } from "@grpc/grpc-js";

const require = createRequire(import.meta.url);
const folder = join(import.meta.dirname, "../components");

/** The reviewed schema, which programs in other languages see. */
export const schemaFile = join(folder, "schema.json");

export interface ComponentPlugin {
  readonly process: ChildProcess;
  readonly port: number;
}

/**
 * Starts the plugin.
 * @param env variables in addition to this process's environment.
 * @throws Error with the plugin's output, if it ends before it serves.
 */
export async function startComponentPlugin(env: Readonly<Record<string, string>> = {}): Promise<ComponentPlugin> {
  // The engine has no address yet: a plugin that is attached by port gets the engine's address in a call.
  const args = [require.resolve("@pulumi/pulumi/cmd/run-plugin"), folder, "127.0.0.1:0"];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  const ended = once(child, "exit").then(() => {
    throw new Error(`The plugin of the components ended before it served: ${said}`);
  });
  const [line] = (await Promise.race([once(createInterface(child.stdout), "line"), ended])) as [string];
  ended.catch(() => undefined);
  return { process: child, port: Number(line) };
}

interface SchemaAnswer {
  getSchema(): string;
}
type GetSchema = (request: object, done: (error: ServiceError | null, answer: SchemaAnswer) => void) => ClientUnaryCall;

/** The schema that Pulumi's analyzer derives from the components' TypeScript, formatted. */
export async function componentSchema(): Promise<string> {
  const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb.js") as {
    ResourceProviderClient: new (address: string, channel: object) => Client & { getSchema: GetSchema };
  };
  const { GetSchemaRequest } = require("@pulumi/pulumi/proto/provider_pb.js") as { GetSchemaRequest: new () => object };
  const plugin = await startComponentPlugin();
  const client = new ResourceProviderClient(`127.0.0.1:${plugin.port}`, credentials.createInsecure());
  try {
    const answer = await promisify(client.getSchema.bind(client))(new GetSchemaRequest());
    return `${JSON.stringify(JSON.parse(answer.getSchema()), null, 2)}\n`;
  } finally {
    client.close();
    plugin.process.kill();
  }
}
