import { execFile } from "node:child_process";
import { cpSync, existsSync, symlinkSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { presentEngine } from "../../sandbox/engine/resolve.ts";
import { ensureYamlHost } from "../../sandbox/engine/yamlHost.ts";
import { silentProgress } from "../../sandbox/progress.ts";
import type { CommandOutcome, TestSandbox } from "./harness.ts";

const repository = join(import.meta.dirname, "../..");
/** What runs policy packs: part of Pulumi's releases alone. */
const shims = join(repository, "sandbox/engine/shims");

/** What a preview would change: the number of resources by operation. */
export type Changes = Readonly<Record<string, number>>;

/** Ports of what is attached to the engine, by name, beside what the sandbox attaches. */
export interface Attached {
  readonly languages?: Readonly<Record<string, number>>;
  readonly providers?: Readonly<Record<string, number>>;
}

/**
 * Copies an example as a user does.
 * @returns the copy's folder.
 */
export function copyExample(example: string, sandbox: TestSandbox): string {
  const folder = join(sandbox.folder, "examples", example);
  cpSync(exampleFolder(example), folder, { recursive: true });
  // What `npm install` brings, and what examples in other languages find beside them in a clone.
  for (const name of ["node_modules", "components"]) {
    const link = join(sandbox.folder, name);
    if (!existsSync(link)) symlinkSync(join(repository, name), link);
  }
  return folder;
}

export function exampleFolder(example: string): string {
  return join(repository, "examples", example);
}

/** A Pulumi project with a stack on a sandbox, which Pulumi's own CLI runs. */
export class PulumiProject {
  readonly folder: string;
  readonly stack: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly #pulumi: string;

  private constructor(folder: string, stack: string, env: NodeJS.ProcessEnv, pulumi: string) {
    this.folder = folder;
    this.stack = stack;
    this.env = env;
    this.#pulumi = pulumi;
  }

  /**
   * Makes a stack of the project in a folder.
   * @param config - values that the project has no default for.
   * @param stack - default: named like the folder.
   */
  static async open(
    folder: string,
    sandbox: TestSandbox,
    { languages = {}, providers = {} }: Attached,
    config: Readonly<Record<string, string>> = {},
    stack = basename(folder),
  ): Promise<PulumiProject> {
    const engine = (await presentEngine()).engine!;
    const own = sandbox.environment();
    const env = {
      ...process.env,
      ...own,
      PATH: [await ensureYamlHost(engine, silentProgress), process.env.PATH ?? "", shims].join(delimiter),
      PULUMI_DEBUG_LANGUAGES: attachments("", languages),
      PULUMI_DEBUG_PROVIDERS: attachments(own.PULUMI_DEBUG_PROVIDERS ?? "", providers),
      PULUMI_HOME: join(sandbox.folder, "pulumi"),
      PULUMI_ROOT: dirname(dirname(engine.command)),
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const project = new PulumiProject(folder, stack, env, engine.command);
    await project.succeed("stack", "init", stack);
    await project.configure(config);
    return project;
  }

  /** The same stack with other providers attached. @param providers - ports by name. */
  with(providers: Readonly<Record<string, number>>): PulumiProject {
    const PULUMI_DEBUG_PROVIDERS = attachments(this.env.PULUMI_DEBUG_PROVIDERS ?? "", providers);
    return new PulumiProject(this.folder, this.stack, { ...this.env, PULUMI_DEBUG_PROVIDERS }, this.#pulumi);
  }

  async configure(config: Readonly<Record<string, string>>): Promise<void> {
    for (const [key, value] of Object.entries(config)) await this.succeed("config", "set", key, value);
  }

  async up(): Promise<void> {
    await this.succeed("up", "--yes", "--skip-preview");
  }

  /** What an `up` would change. */
  async preview(): Promise<Changes> {
    const { changeSummary } = JSON.parse(await this.succeed("preview", "--json")) as { changeSummary: Changes };
    return changeSummary;
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.succeed("stack", "output", "--json")) as Record<string, unknown>;
  }

  /** Runs a preview that has to fail. @returns all that it says. */
  async refusedPreview(): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run("preview", "--color", "never");
    if (exitCode === 0) throw new Error(`preview succeeded:\n${stdout}`);
    return `${stdout}\n${stderr}`;
  }

  /** Runs a command that has to succeed. @returns its stdout. */
  async succeed(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(...args);
    if (exitCode !== 0)
      throw new Error(`pulumi ${args.join(" ")} ended with ${String(exitCode)}\n${stdout}\n${stderr}`);
    return stdout;
  }

  run(...args: string[]): Promise<CommandOutcome> {
    const options = { cwd: this.folder, env: this.env, maxBuffer: 64 * 1024 * 1024 };
    return new Promise((resolve) => {
      execFile(this.#pulumi, [...args, "--non-interactive"], options, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }
}

/** `name:port` of each that is attached, an earlier one of the same name in its place. */
function attachments(earlier: string, ports: Readonly<Record<string, number>>): string {
  const kept = earlier.split(",").filter((one) => one !== "" && !(one.slice(0, one.lastIndexOf(":")) in ports));
  return [...kept, ...Object.entries(ports).map(([name, port]) => `${name}:${port}`)].join();
}
