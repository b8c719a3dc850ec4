import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Changes } from "../../sandbox/changes.ts";

export interface EngineRequest {
  readonly operation: "up" | "preview" | "refresh" | "destroy";
}

export type EngineAnswer =
  | { readonly ok: true; readonly changes: Changes }
  /** `error` is what the command line prints. */
  | { readonly ok: false; readonly error: string };

/** Milliseconds that one run of the engine may take before it counts as hung. */
const patience = 180_000;
/** Runs that one process makes; each leaves something behind in Pulumi's SDK. */
const runsPerProcess = 60;

/**
 * Runs the stack of one sandbox, in a process that is kept between the runs, but not after a failed one: calls of that run may be
 * rejected after its end, and would fail the next.
 */
export class EngineRunner {
  readonly #folder: string;
  readonly #configFile: string;
  #child: ChildProcess | undefined;
  #runs = 0;

  constructor(folder: string, configFile: string) {
    this.#folder = folder;
    this.#configFile = configFile;
  }

  /** @throws when the process ends or hangs instead of answering. */
  async run(request: EngineRequest): Promise<EngineAnswer> {
    if (this.#runs >= runsPerProcess) {
      await this.close();
    }
    this.#runs += 1;
    this.#child ??= fork(join(import.meta.dirname, "engineProcess.ts"), [this.#folder, this.#configFile], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    const child = this.#child;
    let stderr = "";
    const listen = (chunk: Buffer) => (stderr += chunk.toString("utf8"));
    child.stderr?.on("data", listen);
    const over = new AbortController();
    const timer = setTimeout(() => child.kill("SIGKILL"), patience);
    try {
      const { signal } = over;
      const answered = once(child, "message", { signal }) as Promise<[EngineAnswer]>;
      const ended = once(child, "exit", { signal }).then(([code, killedBy]) => {
        this.#child = undefined;
        this.#runs = 0;
        throw new Error(`The process of ${request.operation} ended (${code ?? killedBy}) without an answer. ${stderr}`);
      });
      child.send(request);
      const [answer] = await Promise.race([answered, ended]);
      answered.catch(() => undefined);
      ended.catch(() => undefined);
      if (!answer.ok) await this.close();
      return answer;
    } finally {
      clearTimeout(timer);
      child.stderr?.off("data", listen);
      over.abort();
    }
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    this.#runs = 0;
    if (child?.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      if (child.connected) child.disconnect();
      await ended;
    }
  }
}
