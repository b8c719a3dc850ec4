import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { stringify } from "yaml";
import { presentEngine } from "../../sandbox/engine/resolve.ts";
import { smallConfig, TestSandbox, type StackConfig } from "./harness.ts";
import { startNodeLanguageHost, type NodeLanguageHost } from "./nodeLanguageHost.ts";

const repository = join(import.meta.dirname, "../..");

/** The stack that the pipelines deploy where no variable names another. */
export const ciStack = "dev";

/** A machine on which the jobs of a pipeline run: Pulumi is installed, Azure is a sandbox, and `npm ci` has been run. */
export class CiMachine {
  readonly sandbox: TestSandbox;
  /** Folder of the programs that stand in for others; it is first on PATH. */
  readonly programs: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #host: NodeLanguageHost;
  /** The stack's config in the repository. */
  config: StackConfig = smallConfig;
  /** Further files of the repository: name to text. */
  files: Readonly<Record<string, string>> = {};

  private constructor(sandbox: TestSandbox, programs: string, env: NodeJS.ProcessEnv, host: NodeLanguageHost) {
    this.sandbox = sandbox;
    this.programs = programs;
    this.env = env;
    this.#host = host;
  }

  static async start(): Promise<CiMachine> {
    const sandbox = await TestSandbox.start();
    const engine = dirname((await presentEngine()).engine!.command);
    const programs = join(sandbox.folder, "programs");
    const shims = join(repository, "sandbox/engine/shims");
    const env = {
      ...process.env,
      ...sandbox.environment(),
      PATH: [programs, dirname(process.execPath), engine, process.env.PATH, shims].join(delimiter),
      PULUMI_HOME: join(sandbox.folder, "pulumi"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const host = await startNodeLanguageHost(env);
    installProgram(programs, "npm", '#!/bin/sh\n[ "$*" = "ci --omit=dev" ]\n');
    return new CiMachine(sandbox, programs, { ...env, PULUMI_DEBUG_LANGUAGES: `nodejs:${host.port}` }, host);
  }

  /** A new folder. */
  folder(name: string): string {
    return mkdtempSync(join(this.sandbox.folder, `${name}-`));
  }

  /** Puts the repository into a folder: this clone, with `config` and `files`. */
  checkout(folder: string): void {
    const own = ["Pulumi.yaml", `Pulumi.${ciStack}.yaml`];
    for (const name of readdirSync(repository)) {
      if (!name.startsWith(".") && !own.includes(name)) symlinkSync(join(repository, name), join(folder, name));
    }
    copyFileSync(join(repository, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    const config = Object.fromEntries(
      Object.entries(this.config).map(([key, value]) => [`bastion-trail:${key}`, value]),
    );
    writeFileSync(join(folder, `Pulumi.${ciStack}.yaml`), stringify({ config }));
    for (const [name, text] of Object.entries(this.files)) writeFileSync(join(folder, name), text);
  }

  /** Moves the sandbox's time to a clock time of the next day, and `date` with it. @param time - such as `09:00`. */
  async nextDay(time: string): Promise<void> {
    const now = Date.parse((await this.sandbox.succeed("clock")).now as string);
    const tomorrow = new Date(now + 86_400_000).toISOString().slice(0, 10);
    const seconds = Math.round((Date.parse(`${tomorrow}T${time}:00Z`) - now) / 1000);
    await this.sandbox.succeed("clock", `+${seconds}s`);
    installProgram(
      this.programs,
      "date",
      `#!/bin/sh\n[ "$1 $2" = "-u -d" ] && exec /usr/bin/date -u -d "${tomorrow}T${time}:00Z $3" "$4"\n`,
    );
  }

  async remove(): Promise<void> {
    this.#host.remove();
    await this.sandbox.remove();
  }
}

/** Writes a program into a folder for PATH. */
export function installProgram(folder: string, name: string, source: string): void {
  if (!existsSync(folder)) mkdirSync(folder);
  writeFileSync(join(folder, name), source, { mode: 0o755 });
}
