import { mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation/index.js";
import { failOnLostCalls } from "@bastion-trail/program/lostCalls";
import { untilAnswered } from "@bastion-trail/program/untilAnswered";
import type { JsonObject } from "./arm/json.ts";
import type { ChangedResource } from "./changedResource.ts";
import { writePrivate, type SandboxDescription, type SandboxDirectory } from "./directory.ts";
import type { Engine } from "./engine/resolve.ts";
import { projectFolder, projectName, runEngine, stackName } from "./engineCommand.ts";
import { engineComplaint } from "./engineComplaint.ts";
import { engineEnvironment } from "./environment.ts";
import { tryLock } from "./exclusiveLock.ts";
import { Failure, messageOf } from "./failure.ts";
import { settleInterruptedRun } from "./interruptedRun.ts";
import { withLateRejections } from "./lateRejections.ts";
import { keepLostCreates, lostCreates } from "./lostCreates.ts";
import { pointProgramAt } from "./programEnvironment.ts";
import type { Progress } from "./progress.ts";
import { toChanges, type Changes } from "./changes.ts";
import { RunEvents } from "./runEvents.ts";
import { checkStackConfig } from "./stackConfigFile.ts";
import { describeChanges } from "./stackTexts.ts";

/** Programs that the engine starts by name, for an engine built from Go, which has nothing installed beside it. */
const engineShims = join(import.meta.dirname, "engine/shims");

export interface StackOptions {
  readonly directory: SandboxDirectory;
  readonly description: SandboxDescription;
  readonly engine: Engine;
  readonly progress: Progress;
  /** Stack config to run with. Defaults to the committed Pulumi.sandbox.yaml. */
  readonly configFile?: string | undefined;
  /** Folders of policy packs that a preview and an update must comply with. Defaults to none. */
  readonly policyPacks?: readonly string[] | undefined;
  /** Config of each policy pack, as JSON files in the same order. */
  readonly policyPackConfigs?: readonly string[] | undefined;
  /** Whether to show secret outputs instead of `[secret]`. */
  readonly showSecrets?: boolean | undefined;
  /** Program to run. Defaults to the project's own. */
  readonly program?: PulumiFn | undefined;
}

export interface RunResult {
  readonly outputs: JsonObject;
  readonly changes: Changes;
}

export interface PreviewResult {
  readonly changes: Changes;
  readonly resources: readonly ChangedResource[];
}

type Operation = "up" | "preview" | "refresh" | "destroy";

const titles: Readonly<Record<Operation, readonly [string, string]>> = {
  up: ["Deploying", "Deployed"],
  preview: ["Previewing", "Previewed"],
  refresh: ["Refreshing", "Refreshed"],
  destroy: ["Destroying", "Destroyed"],
};

/** The project's own program, run by the real engine against a sandbox. */
export class SandboxStack {
  readonly #stack: Stack;
  readonly #options: StackOptions;

  private constructor(stack: Stack, options: StackOptions) {
    this.#stack = stack;
    this.#options = options;
  }

  /** Opens the stack in the sandbox's own state; creates it the first time. */
  static async open(options: StackOptions): Promise<SandboxStack> {
    const { directory, description, engine, program = ownProgram } = options;
    mkdirSync(directory.stateFolder, { recursive: true });
    pointProgramAt(directory, description);
    failOnLostCalls();
    // PulumiCommand searches PATH, and the engine finds programs installed beside it there. A release includes its own
    // versions of the shims.
    process.env.PATH = [dirname(engine.command), process.env.PATH ?? "", engineShims].join(delimiter);
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName, projectName, program: () => untilAnswered(program) },
      {
        workDir: projectFolder,
        pulumiHome: directory.pulumiHome,
        pulumiCommand: await PulumiCommand.get(),
        envVars: { ...engineEnvironment(directory, description), PULUMI_SKIP_UPDATE_CHECK: "true" },
      },
    );
    return new SandboxStack(stack, options);
  }

  async up(): Promise<RunResult> {
    const { changes } = await this.#run("up");
    const kept = await this.#keepOutputs();
    return { outputs: this.#options.showSecrets === true ? await this.#outputs(true) : kept, changes };
  }

  async preview(): Promise<PreviewResult> {
    const { changes, changed } = await this.#run("preview");
    return { changes, resources: changed };
  }

  async refresh(): Promise<Changes> {
    return (await this.#run("refresh")).changes;
  }

  async destroy(): Promise<Changes> {
    const { changes } = await this.#run("destroy");
    await this.#keepOutputs();
    return changes;
  }

  /** Returns the current outputs, and the changes of the last run. */
  async state(): Promise<RunResult> {
    const [last] = await this.#stack.history(1, 1, false);
    return { outputs: await this.#outputs(), changes: toChanges(last?.resourceChanges ?? {}) };
  }

  async #run(operation: Operation): Promise<{ changes: Changes; changed: readonly ChangedResource[] }> {
    const { directory, progress } = this.#options;
    const lock = tryLock(directory.runLock);
    if (lock === undefined) {
      throw new Failure(`Another command is running the engine in ${directory.root}. Wait until it is done.`);
    }
    const interrupt = new AbortController();
    const onTerminate = () => {
      interrupt.abort();
    };
    process.on("SIGTERM", onTerminate);
    process.on("SIGINT", ignoreInterrupt);
    try {
      await settleInterruptedRun({ ...this.#options, stack: this.#stack });
      const [doing, done] = titles[operation];
      const step = progress.step(`${doing} the stack`);
      const events = new RunEvents(step);
      try {
        await withLateRejections(() => this.#engineRun(operation, events, interrupt.signal));
      } catch (error) {
        step.fail(`${doing} the stack failed`);
        keepLostCreates(directory, lostCreates(events.failedCreates, this.#options.description));
        throw new Failure(events.errors.length > 0 ? events.errors.join("\n") : engineComplaint(error), {
          cause: error,
        });
      } finally {
        for (const warning of events.warnings) {
          progress.note(`warning: ${warning}`);
        }
      }
      const changes = events.changes ?? toChanges({});
      step.succeed(`${done} the stack: ${describeChanges(changes)}`);
      return { changes, changed: events.changed };
    } finally {
      process.off("SIGTERM", onTerminate);
      process.off("SIGINT", ignoreInterrupt);
      lock.release();
    }
  }

  async #engineRun(operation: Operation, events: RunEvents, signal: AbortSignal): Promise<void> {
    const { directory, configFile, policyPacks = [], policyPackConfigs = [] } = this.#options;
    const policies = { policyPacks: [...policyPacks], policyPackConfigs: [...policyPackConfigs] };
    const common = {
      configFile: writeStackConfig(directory, configFile),
      color: "never",
      signal,
      onEvent: events.take.bind(events),
    } as const;
    switch (operation) {
      case "up":
        await this.#stack.up({ ...common, ...policies, suppressOutputs: true, showSecrets: false });
        break;
      case "preview":
        await this.#stack.preview({ ...common, ...policies });
        break;
      case "refresh":
        await this.#stack.refresh({ ...common, showSecrets: false });
        break;
      case "destroy":
        await this.#stack.destroy({ ...common, showSecrets: false });
        break;
    }
  }

  /**
   * Writes the outputs to a file, from which the `bastion-trail` CLI reads its settings.
   * @returns the outputs, without secrets.
   */
  async #keepOutputs(): Promise<JsonObject> {
    const outputs = await this.#outputs(false);
    writePrivate(this.#options.directory.outputsFile, `${JSON.stringify(outputs, null, 2)}\n`);
    return outputs;
  }

  /**
   * Runs the CLI itself, because the Automation API masks a secret output as a whole and shows a secret inside an
   * output.
   */
  async #outputs(showSecrets = this.#options.showSecrets === true): Promise<JsonObject> {
    const show = showSecrets ? ["--show-secrets"] : [];
    return JSON.parse(
      await runEngine(this.#options, ["stack", "output", "--json", "--stack", stackName, ...show]),
    ) as JsonObject;
  }
}

/** The terminal sends Ctrl-C to the engine directly; this process waits for the engine to end. */
function ignoreInterrupt(): void {
  process.stderr.write("Interrupted: waiting for the engine to end in order. Press Ctrl-C again to end it at once.\n");
}

/** Runs the program like the nodejs language plugin: calls the default export, whose result is the outputs. */
async function ownProgram(): Promise<Record<string, unknown>> {
  const { default: deploy } = await import("../index.ts");
  return { ...(await deploy()) };
}

/**
 * Writes the stack config of this run to a file in the sandbox's folder: the engine may write to its config file, and
 * the committed one must not change. A file without a salt gets that of the sandbox, and so its passphrase.
 * @returns the path of the file.
 */
function writeStackConfig(directory: SandboxDirectory, configFile: string | undefined): string {
  const committed = readFileSync(`${projectFolder}/Pulumi.${stackName}.yaml`, "utf8");
  let text = committed;
  if (configFile !== undefined) {
    try {
      text = readFileSync(configFile, "utf8");
    } catch (error) {
      throw new Failure(`The config file ${configFile} cannot be read: ${messageOf(error)}`, { cause: error });
    }
    checkStackConfig(text, configFile, { project: projectName, stack: stackName });
    if (!/^encryptionsalt:/m.test(text)) text = `${/^encryptionsalt:.*$/m.exec(committed)?.[0] ?? ""}\n${text}`;
  }
  writePrivate(directory.configFile, text);
  return directory.configFile;
}
