import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { call, callOrFail, type Answer } from "../../sandbox/adminClient.ts";
import type { JsonObject } from "../../sandbox/arm/json.ts";
import type { ConnectResult } from "../../sandbox/bastion/sessionModel.ts";
import { readDescription, sandboxDirectory, type SandboxDescription } from "../../sandbox/directory.ts";
import type { Changes } from "../../sandbox/changes.ts";
import { cliBin } from "../cliBin.ts";

/*
 * End-to-end tests run the command line as a user does, one process for each command: Pulumi's SDK keeps state for each
 * process (config, leak checks), a command can be killed as a whole, and exit codes and output are tested on the way.
 */

const main = join(import.meta.dirname, "../../sandbox/cli/main.ts");

/** What one command said. */
export interface CommandOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the CLI said. */
export interface CliOutcome extends CommandOutcome {
  readonly exitCode: number;
}

export interface CliPlace {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Values of the stack's config, without the project's prefix. */
export type StackConfig = Readonly<Record<string, unknown>>;

export interface UpResult {
  readonly outputs: JsonObject;
  readonly changes: Changes;
}

/** The least that deploys the whole path: one VM. */
export const smallConfig: StackConfig = {
  location: "westeurope",
  namePrefix: "trail",
  defenderPlan: "manage",
  vms: [{ name: "web", login: "entraId" }],
};

export const ada = "ada@example.com";

/** A user-assigned identity that the job of a pipeline signs in as. */
export interface PipelineIdentity {
  readonly principalId: string;
  readonly clientId: string;
  /** A token of the job. */
  readonly assertion: () => Promise<string>;
}

/** One sandbox in a folder of its own. */
export class TestSandbox {
  readonly folder = mkdtempSync(join(tmpdir(), "sandbox-"));

  static async start(...args: string[]): Promise<TestSandbox> {
    const sandbox = new TestSandbox();
    await sandbox.succeed("start", ...args);
    return sandbox;
  }

  /** Starts a command and leaves it running. */
  spawn(...args: string[]): ChildProcess {
    return spawn(process.execPath, [main, ...args, "--dir", this.folder], { stdio: ["ignore", "pipe", "pipe"] });
  }

  async run(...args: string[]): Promise<CommandOutcome> {
    const child = this.spawn(...args);
    let stdout = "";
    let stderr = "";
    child.stdout!.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
    child.stderr!.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    const [exitCode] = (await once(child, "close")) as [number | null];
    return { exitCode, stdout, stderr };
  }

  /** Runs a command that has to succeed. @returns its JSON. */
  async succeed(command: string, ...args: string[]): Promise<JsonObject> {
    const { exitCode, stdout, stderr } = await this.run(command, "--json", ...args);
    if (exitCode !== 0) {
      throw new Error(`${command} ended with exit code ${exitCode}\n${stdout}\n${stderr}`);
    }
    return JSON.parse(stdout) as JsonObject;
  }

  /** Runs a command that has to fail. @returns what it says on stderr after its progress. */
  async fail(command: string, ...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(command, "--quiet", ...args);
    if (exitCode !== 1) {
      throw new Error(`${command} ended with exit code ${exitCode}\n${stdout}\n${stderr}`);
    }
    return stderr.trim();
  }

  /** Writes a stack config. @returns the options that make a command use it. */
  config(values: StackConfig): string[] {
    const file = join(this.folder, "test-config.yaml");
    const config = Object.fromEntries(Object.entries(values).map(([key, value]) => [`bastion-trail:${key}`, value]));
    writeFileSync(file, stringify({ config }));
    return ["--config-file", file];
  }

  async up(values: StackConfig = smallConfig): Promise<UpResult> {
    return (await this.succeed("up", ...this.config(values))) as unknown as UpResult;
  }

  async preview(values: StackConfig = smallConfig): Promise<Changes> {
    return (await this.succeed("preview", ...this.config(values))).changes as unknown as Changes;
  }

  async refresh(values: StackConfig = smallConfig): Promise<Changes> {
    return (await this.succeed("refresh", ...this.config(values))).changes as unknown as Changes;
  }

  async destroy(values: StackConfig = smallConfig): Promise<Changes> {
    return (await this.succeed("destroy", ...this.config(values))).changes as unknown as Changes;
  }

  request(vm: string, minutes = 60): Promise<JsonObject> {
    return this.succeed("request", "--vm", vm, "--user", ada, "--minutes", String(minutes), "--reason", "test");
  }

  /** @returns the session, or the refusal. */
  async connect(vm: string, ...args: string[]): Promise<ConnectResult> {
    const { stdout } = await this.run("connect", "--json", "--vm", vm, "--user", ada, ...args);
    return JSON.parse(stdout) as ConnectResult;
  }

  get description(): SandboxDescription {
    return readDescription(sandboxDirectory(this.folder))!;
  }

  /** Calls one of the sandbox's own routes. */
  admin(method: "GET" | "POST" | "DELETE", path: string, body?: JsonObject): Promise<JsonObject> {
    return callOrFail(this.description, method, path, body === undefined ? {} : { body });
  }

  /** Calls ARM as a signed-in person. */
  async arm(method: "GET" | "PUT" | "POST" | "DELETE", path: string, body?: JsonObject): Promise<Answer> {
    const { access_token: token } = await this.admin("POST", "/sandbox/token", { user: ada });
    return call(this.description, method, path, { token: token as string, ...(body === undefined ? {} : { body }) });
  }

  /** Ids of everything in the subscription, as ARM lists them, but the Network Watchers, which Azure makes and keeps by itself. */
  async resourceIds(): Promise<string[]> {
    const { subscriptionId } = this.description;
    const answer = await this.arm("GET", `/subscriptions/${subscriptionId}/resources?api-version=2021-04-01`);
    const ids = (answer.body.value as { id: string }[]).map(({ id }) => id);
    return ids.filter((id) => !/\/networkWatchers\/[^/]+$/i.test(id));
  }

  /** Process ids of the engines that hold the stack, from the file backend's lock files. */
  engines(): number[] {
    const locks = join(this.folder, "state", ".pulumi", "locks");
    if (!existsSync(locks)) {
      return [];
    }
    return readdirSync(locks, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".json"))
      .flatMap((name) => pidIn(join(locks, name)));
  }

  /** The exports that `start` wrote. */
  environment(): Record<string, string> {
    const text = readFileSync(join(this.folder, "env"), "utf8");
    const exports = [...text.matchAll(/^export (\w+)='(.*)'$/gm)];
    return Object.fromEntries(exports.map(([, name, value]) => [name ?? "", value ?? ""]));
  }

  /**
   * Makes a user-assigned identity that trusts one job of a pipeline, in a resource group of its own.
   * @param name - of the identity and its group.
   */
  async pipelineIdentity(name: string): Promise<PipelineIdentity> {
    const subscription = `/subscriptions/${this.description.subscriptionId}`;
    const put = async (path: string, version: string, body: JsonObject): Promise<JsonObject> => {
      const { status, body: answer } = await this.arm("PUT", `${subscription}/${path}?api-version=${version}`, body);
      if (status >= 300) throw new Error(`PUT ${path}: ${JSON.stringify(answer)}`);
      return answer;
    };
    const group = `resourceGroups/${name}`;
    const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
    const job = { issuer: "https://token.actions.githubusercontent.com", subject: `repo:contoso/access:${name}` };
    await put(group, "2024-03-01", { location: "westeurope" });
    const { properties } = await put(identity, "2023-01-31", { location: "westeurope" });
    const audiences = ["api://AzureADTokenExchange"];
    await put(`${identity}/federatedIdentityCredentials/job`, "2023-01-31", { properties: { ...job, audiences } });
    const { principalId, clientId } = properties as { principalId: string; clientId: string };
    return { principalId, clientId, assertion: () => this.federatedToken(job) };
  }

  /** A token of a pipeline's job, as its issuer gives it. */
  async federatedToken(job: { readonly issuer: string; readonly subject: string }): Promise<string> {
    const { token } = await this.admin("POST", "/sandbox/federated-token", job);
    return token as string;
  }

  /** Assigns a role at the subscription. @param role - GUID of its definition. */
  async assign(role: string, principalId: string): Promise<string> {
    const provider = `/subscriptions/${this.description.subscriptionId}/providers/Microsoft.Authorization`;
    const id = `${provider}/roleAssignments/${randomUUID()}`;
    const roleDefinitionId = `${provider}/roleDefinitions/${role}`;
    const properties = { principalId, principalType: "ServicePrincipal", roleDefinitionId };
    const { status, body } = await this.arm("PUT", `${id}?api-version=2022-04-01`, { properties });
    if (status >= 300) throw new Error(JSON.stringify(body));
    return id;
  }

  /**
   * Runs the CLI with nothing but the sandbox's environment.
   * @param cwd default: the sandbox's folder.
   */
  cli(args: readonly string[], { env = {}, cwd = this.folder }: CliPlace = {}): Promise<CliOutcome> {
    const whole = { ...process.env, ...this.environment(), ...env };
    return new Promise((resolve) => {
      execFile(process.execPath, [cliBin, ...args], { env: whole, cwd }, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  /** Stops the sandbox and removes its folder. */
  async remove(): Promise<void> {
    await this.succeed("stop");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The changes of a run that changed nothing. */
export function unchanged(same: number): Changes {
  return { create: 0, update: 0, replace: 0, delete: 0, same };
}

/** The process in a lock file; none where it was released meanwhile. */
function pidIn(file: string): number[] {
  try {
    return [(JSON.parse(readFileSync(file, "utf8")) as { pid: number }).pid];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
