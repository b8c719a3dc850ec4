import type { JsonObject } from "../arm/model.ts";
import type { SandboxDirectory } from "../directory.ts";
import type { Progress } from "../progress.ts";

/** What every command gets. */
export interface CommandContext {
  readonly directory: SandboxDirectory;
  readonly progress: Progress;
}

/** What a command has to say, in both forms. */
export interface CommandResult {
  /** Printed with `--json`. */
  readonly json: JsonObject;
  /** Printed otherwise. */
  readonly text: string;
  /** What was asked for was answered with a refusal: exit code 1. */
  readonly refused?: boolean;
}
