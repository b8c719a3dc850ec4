/** The program's stack in one backend. */
import { stripVTControlCharacters } from "node:util";
import * as v from "valibot";
import { UserError } from "../../errors.ts";
import type { Environment, Io } from "../../io.ts";
import { errorLineIn, runPulumi, type PulumiOptions, type PulumiRun } from "../../pulumi.ts";
import { parseExport, type Exported } from "./deployment.ts";
import { waitForLock } from "./stackLock.ts";
import type { Workspace } from "./workspace.ts";
import { jsonValue } from "../../jsonValue.ts";
import { urnParts } from "../../urn.ts";

/** A backend with its way of encrypting the stack's secrets. */
export interface Place {
  /** For a sentence: `this computer`. */
  readonly name: string;
  /** Whether it is on this computer instead of in Azure. */
  readonly isLocal: boolean;
  readonly url: string;
  readonly secretsProvider: string;
  /** Variables that Pulumi needs in addition to the caller's environment; `undefined` removes a variable. */
  readonly env: Environment;
}

/** A stack in a backend, with the number of resources in its state. */
export interface ListedStack {
  readonly name: string;
  readonly resources: number;
}

/** The result of a preview. */
export interface StackPreview {
  /** Number of resources by change: `create`, `update`, `same`, ... */
  readonly counts: Readonly<Record<string, number>>;
  readonly changes: readonly { readonly change: string; readonly type: string; readonly name: string }[];
}

/** The state cannot be read or written because a role is missing. */
export class AccessRefused extends UserError {}
/** The container or account does not exist. */
export class BackendMissing extends UserError {}

const stacks = v.array(v.object({ name: v.string(), resourceCount: v.optional(v.number(), 0) }));
const digest = v.object({
  steps: v.optional(v.array(v.object({ op: v.string(), urn: v.string() })), []),
  diagnostics: v.optional(v.array(v.object({ message: v.optional(v.string(), ""), severity: v.string() })), []),
});

export class PulumiStack {
  readonly place: Place;
  readonly #workspace: Workspace;
  readonly #io: Io;

  constructor(workspace: Workspace, place: Place, io: Io) {
    this.place = place;
    this.#workspace = workspace;
    this.#io = { ...io, cwd: workspace.folder, env: { ...io.env, PULUMI_BACKEND_URL: place.url, ...place.env } };
  }

  /** All stacks of the backend, in every project. */
  async stacks(): Promise<ListedStack[]> {
    const text = await this.#do("list the stacks", ["stack", "ls", "--all", "--json"]);
    return v.parse(stacks, JSON.parse(text)).map(({ name, resourceCount }) => ({ name, resources: resourceCount }));
  }

  /** The number of resources in the state; `undefined` if the stack does not exist. */
  async resources(): Promise<number | undefined> {
    return (await this.stacks()).find(({ name }) => this.isOwn(name))?.resources;
  }

  /**
   * Whether a listed name is this stack's. In the project's own folder, Pulumi omits the project's name (pulumi,
   * pkg/backend/diy).
   */
  isOwn(name: string): boolean {
    const { project, stack } = this.#workspace;
    return name === stack || name === `organization/${project}/${stack}`;
  }

  /** Creates the stack. Pulumi writes the encryption settings into the stack file. */
  async init(): Promise<void> {
    const { secretsProvider } = this.place;
    await this.#do("make the stack", [
      "stack",
      "init",
      ...this.#name(),
      "--no-select",
      "--secrets-provider",
      secretsProvider,
    ]);
  }

  /** @param secrets whether to export them in plain text. Default: false. */
  async export({ secrets = false } = {}): Promise<Exported> {
    return parseExport(await this.exportText({ secrets }));
  }

  exportText({ secrets = false } = {}): Promise<string> {
    return this.#do("read the state", ["stack", "export", ...this.#name(), ...(secrets ? ["--show-secrets"] : [])]);
  }

  async import(state: Exported): Promise<void> {
    await this.#locked("write the state", ["stack", "import", ...this.#name()], { input: JSON.stringify(state) });
  }

  /** Removes the stack and its state, but none of the resources in it. */
  async remove(): Promise<void> {
    const args = ["stack", "rm", ...this.#name(), "--yes", "--force", "--preserve-config", "--remove-backups"];
    await this.#locked("remove the state", args);
  }

  async preview(): Promise<StackPreview> {
    const run = await this.#run(["preview", "--json", ...this.#name()]);
    const parsed = v.safeParse(digest, jsonValue(run.stdout));
    const said = parsed.success ? parsed.output : { steps: [], diagnostics: [] };
    if (run.failure !== undefined || !parsed.success) {
      const errors = said.diagnostics
        .filter(({ severity }) => severity === "error")
        .map(({ message }) => plain(message));
      throw this.#problem("preview the program", run, errors.join("\n"));
    }
    const steps = said.steps
      .filter(({ urn }) => !/::(pulumi:pulumi:Stack|pulumi:providers:[^:]+)::/.test(urn))
      .map(({ op, urn }) => {
        const { type, name } = urnParts(urn);
        return { change: op, type, name };
      });
    const counts: Record<string, number> = {};
    for (const { change } of steps) counts[change] = (counts[change] ?? 0) + 1;
    return { counts, changes: steps.filter(({ change }) => change !== "same") };
  }

  async up(onLine: (line: string) => void): Promise<void> {
    await this.#locked("deploy the program", ["up", "--yes", "--skip-preview", "--suppress-outputs", ...this.#name()], {
      onLine,
    });
  }

  async destroy(onLine: (line: string) => void): Promise<void> {
    await this.#locked("delete the resources", ["destroy", "--yes", "--skip-preview", ...this.#name()], { onLine });
  }

  /** Refreshes some resources. @param urns the resources. */
  async refresh(urns: readonly string[], onLine: (line: string) => void): Promise<void> {
    const targets = urns.flatMap((urn) => ["--target", urn]);
    await this.#locked("refresh the state", ["refresh", "--yes", "--skip-preview", ...targets, ...this.#name()], {
      onLine,
    });
  }

  async outputs(): Promise<unknown> {
    return JSON.parse(await this.#do("read the outputs", ["stack", "output", "--json", ...this.#name()])) as unknown;
  }

  #name(): string[] {
    return ["--stack", this.#workspace.stack, "--color", "never"];
  }

  /** @returns Pulumi's stdout. */
  async #do(what: string, args: readonly string[]): Promise<string> {
    const run = await this.#run(args);
    if (run.failure !== undefined) throw this.#problem(what, run);
    return run.stdout;
  }

  /** Runs a command that locks the stack, after an interrupted run has released its lock. */
  async #locked(what: string, args: readonly string[], more: PulumiOptions = {}): Promise<void> {
    const cancel = ["cancel", "--yes", ...this.#name()];
    for (;;) {
      const run = await this.#run(args, { ...more, endsInOrder: true });
      if (run.failure === undefined) return;
      const isReleased = await waitForLock(`${run.stdout}\n${run.stderr}`, this.#io, () =>
        this.#do("release the lock", cancel),
      );
      if (!isReleased) throw this.#problem(what, run);
    }
  }

  async #run(args: readonly string[], more?: PulumiOptions): Promise<PulumiRun> {
    const run = await runPulumi(args, this.#io, more);
    this.#io.signal.throwIfAborted();
    return run;
  }

  #problem(what: string, run: PulumiRun, told = ""): UserError {
    const all = `${told}\n${run.stdout}\n${run.stderr}`;
    const cause = { cause: run.failure };
    const { name } = this.place;
    // The services' own codes (Blob service REST API, "Status and error codes"; Key Vault, "Common error codes").
    if (/AuthorizationPermissionMismatch|ForbiddenByRbac/.test(all)) {
      return new AccessRefused(
        `You may not read and write the state in ${name}.`,
        "See what you need with --print-permissions; a new role takes up to 10 minutes to apply.",
        cause,
      );
    }
    if (/ContainerNotFound|ContainerBeingDeleted|ResourceNotFound/.test(all) && !this.place.isLocal) {
      return new BackendMissing(`No state in ${name}.`, "Check the storage account.", cause);
    }
    if (all.includes("no language plugin")) {
      return new UserError(
        "Pulumi has no language host for Node.js, so it cannot run the program.",
        "Install a release of Pulumi, which includes it: https://www.pulumi.com/docs/install.",
        cause,
      );
    }
    const [reason = "", ...details] = (told || diagnosticsIn(run.stdout) || errorLineIn(run.stderr)).split("\n");
    const plainReason = `${reason.replace(/[.:]$/, "")}.`;
    return new UserError(
      told === "" ? `Pulumi cannot ${what}: ${plainReason}` : plainReason,
      "Run this command again after fixing it: it continues where it stopped.",
      { ...cause, details: details.map((line) => line.replace(/^ *(?:- )?/, "")) },
    );
  }
}

/** The errors that an update printed below `Diagnostics:`. */
function diagnosticsIn(stdout: string): string {
  const [, below = ""] = stdout.split(/^Diagnostics:$/m);
  const lines = below.split(/^(?:Outputs|Resources):/m, 1)[0]?.split("\n") ?? [];
  return lines
    .filter((line) => /^\s+error: /.test(line))
    .map((line) => line.trim().replace(/^error: /, ""))
    .filter((line) => !/^(?:update|preview|destroy) failed$/.test(line))
    .join("\n");
}

/** An error without colours and without the program's stack trace. */
function plain(message: string): string {
  return stripVTControlCharacters(message)
    .replace(/^error: (?:Running program '.*' failed with an unhandled exception:\n(?:\w*Error: )?)?/, "")
    .replaceAll(/^ {4}at .*\n?/gm, "")
    .trim();
}
