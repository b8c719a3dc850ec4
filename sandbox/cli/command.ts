import type { JsonObject } from "../arm/json.ts";
import type { SandboxDirectory } from "../directory.ts";
import type { Progress } from "../progress.ts";

/** Context of every command. */
export interface CommandContext {
  readonly directory: SandboxDirectory;
  readonly progress: Progress;
}

/** Result of a command, in both forms. */
export interface CommandResult {
  /** Printed with `--json`. */
  readonly json: JsonObject;
  /** Printed otherwise. */
  readonly text: string;
  /** Whether the request was refused: exit code 1. */
  readonly refused?: boolean;
}
