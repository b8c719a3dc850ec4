import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { parse } from "yaml";

/*
 * The jobs of a GitHub workflow, run as a runner runs them: each step's script by bash, in a new folder for each job, with the
 * expressions of the file. Source: GitHub's "Workflow syntax" and "Contexts" reference.
 */

type Texts = Readonly<Record<string, string>>;

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly env?: Texts;
}

interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly outputs?: Texts;
  readonly env?: Texts;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly env?: Texts;
  readonly defaults?: { readonly run?: { readonly shell?: string } };
  readonly jobs: Readonly<Record<string, Job>>;
}

export type Outcome = "success" | "failure" | "skipped";

export interface JobRun {
  readonly result: Outcome;
  readonly outputs: Texts;
  /** What the scripts said, both streams. */
  readonly log: string;
  /** What they wrote into the job summary. */
  readonly summary: string;
  /** Client ids with which `azure/login` signed in. */
  readonly identities: readonly string[];
}

export interface RunnerOptions {
  /** Where the folders of the jobs are made. */
  readonly folder: string;
  /** What the machine has, such as PATH. */
  readonly machine: NodeJS.ProcessEnv;
  /** The repository's variables, and those of environments. */
  readonly vars: Texts;
  readonly github: Readonly<Record<string, unknown>> & { readonly repository: string };
  /** Puts the repository into a folder, as `actions/checkout` does. */
  readonly checkout: (folder: string) => void;
}

/** Runs all jobs of a workflow in the order of the file. @param file - in `.github/workflows`. */
export async function runWorkflow(file: string, options: RunnerOptions): Promise<Readonly<Record<string, JobRun>>> {
  const path = join(import.meta.dirname, "../../.github/workflows", file);
  const workflow = parse(readFileSync(path, "utf8")) as Workflow;
  const runs: Record<string, JobRun> = {};
  const artifacts = mkdtempSync(join(options.folder, "artifacts-"));
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const needs = job.needs === undefined ? {} : { [job.needs]: runs[job.needs]! };
    const contexts = { github: options.github, vars: options.vars, needs };
    const isReady = Object.values(needs).every(({ result }) => result === "success");
    runs[name] = isDue(job.if, contexts, isReady)
      ? await new JobRunner(workflow, job, options, contexts, artifacts).run()
      : { result: "skipped", outputs: {}, log: "", summary: "", identities: [] };
  }
  return runs;
}

class JobRunner {
  readonly #workflow: Workflow;
  readonly #job: Job;
  readonly #options: RunnerOptions;
  readonly #contexts: object;
  readonly #artifacts: string;
  readonly #folder: string;
  readonly #steps: Record<string, { outcome: Outcome }> = {};
  readonly #identities: string[] = [];
  #log = "";

  constructor(workflow: Workflow, job: Job, options: RunnerOptions, contexts: object, artifacts: string) {
    this.#workflow = workflow;
    this.#job = job;
    this.#options = options;
    this.#contexts = contexts;
    this.#artifacts = artifacts;
    this.#folder = mkdtempSync(join(options.folder, "job-"));
  }

  async run(): Promise<JobRun> {
    const summary = join(this.#folder, "..", `summary-${this.#folder.slice(-6)}.md`);
    writeFileSync(summary, "");
    const own = { GITHUB_STEP_SUMMARY: summary, GITHUB_REPOSITORY: this.#options.github.repository };
    const workflowEnv = this.#texts(this.#workflow.env ?? {}, {});
    const env = { ...workflowEnv, ...this.#texts(this.#job.env ?? {}, workflowEnv) };
    let result: Outcome = "success";
    for (const step of this.#job.steps) {
      const contexts = { ...this.#contexts, env, steps: this.#steps };
      let outcome: Outcome = "skipped";
      if (isDue(step.if, contexts, result === "success")) {
        const stepEnv = { ...env, ...this.#texts(step.env ?? {}, env) };
        outcome = await this.#step(step, contexts, { ...this.#options.machine, ...own, ...stepEnv });
      }
      if (step.id !== undefined) this.#steps[step.id] = { outcome };
      if (outcome === "failure") result = "failure";
    }
    const outputs = this.#texts(this.#job.outputs ?? {}, env);
    const written = readFileSync(summary, "utf8");
    return { result, outputs, log: this.#log, summary: written, identities: this.#identities };
  }

  #texts(values: Texts, env: Texts): Record<string, string> {
    const contexts = { ...this.#contexts, env, steps: this.#steps };
    return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, filled(text, contexts)]));
  }

  async #step(step: Step, contexts: object, env: NodeJS.ProcessEnv): Promise<Outcome> {
    if (step.uses !== undefined) {
      this.#action(step.uses, step.with ?? {}, contexts);
      return "success";
    }
    const script = join(this.#folder, "..", `script-${this.#folder.slice(-6)}.sh`);
    writeFileSync(script, filled(step.run!, contexts));
    const isBash = this.#workflow.defaults?.run?.shell === "bash";
    const args = isBash ? ["--noprofile", "--norc", "-eo", "pipefail", script] : ["-e", script];
    const child = spawn("bash", args, { cwd: this.#folder, env, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk: Buffer) => (this.#log += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (this.#log += chunk.toString("utf8")));
    const [code] = (await once(child, "close")) as [number | null];
    return code === 0 ? "success" : "failure";
  }

  /** What an action does here. Those that install something find it on the machine. */
  #action(uses: string, given: Readonly<Record<string, unknown>>, contexts: object): void {
    const name = uses.replace(/@.*$/, "");
    const input = (key: string): string => filled(String(given[key]), contexts);
    if (name === "actions/checkout") {
      this.#options.checkout(this.#folder);
    } else if (name === "azure/login") {
      this.#identities.push(input("client-id"));
    } else if (name === "actions/upload-artifact") {
      const target = join(this.#artifacts, input("name"));
      mkdirSync(target);
      cpSync(join(this.#folder, input("path")), join(target, input("path")));
    } else if (name === "actions/download-artifact") {
      cpSync(join(this.#artifacts, input("name")), this.#folder, { recursive: true });
    } else if (name !== "actions/setup-node" && name !== "pulumi/actions") {
      throw new Error(`What ${uses} does is not known here.`);
    } else if (name === "pulumi/actions" && Object.keys(given).join() !== "pulumi-version") {
      throw new Error("Here pulumi/actions only installs Pulumi.");
    }
  }
}

/** Whether a job or a step runs. Without a function of its own, a condition holds only after success. */
function isDue(condition: string | undefined, contexts: object, isSuccess: boolean): boolean {
  const text = (condition ?? "success()").replace(/^\$\{\{(.*)\}\}$/s, "$1");
  const isOwn = /\b(success|failure|cancelled|always)\(\)/.test(text);
  const value = evaluate(text, { ...contexts, success: () => isSuccess, failure: () => !isSuccess });
  return Boolean(value) && (isOwn || isSuccess);
}

/** A text with its expressions replaced. */
function filled(text: string, contexts: object): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => {
    const value: unknown = evaluate(expression, contexts);
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  });
}

/** GitHub's expressions are JavaScript's as far as the workflows use them. */
function evaluate(expression: string, contexts: object): unknown {
  const functions = { always: () => true, cancelled: () => false, toJSON: (value: unknown) => JSON.stringify(value) };
  return runInNewContext(expression, { ...functions, ...contexts }) as unknown;
}
