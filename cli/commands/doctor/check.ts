import type { LastRecords } from "./lastRecords.ts";
import type { Skipped, Judgement } from "./finding.ts";
import type { Identity } from "./identity.ts";
import type { Inventory } from "./inventory.ts";
import type { RoleName } from "./roles.ts";

export interface CheckOptions {
  /** Roles that the identity should have. */
  readonly roles: readonly RoleName[];
  /** Maximum age of the last record, in milliseconds. */
  readonly maxAgeMs: number | undefined;
  /** Whether to read the time of the last record from the workspace too. */
  readonly workspaceRecords: boolean;
}

export interface CheckContext {
  readonly inventory: Inventory;
  readonly options: CheckOptions;
  /** The signed-in identity. */
  readonly identity: Identity;
  readonly lastRecords: LastRecords;
  /**
   * Reads something that the check can do without.
   * @returns `undefined` if the read failed, which is reported with the check's findings.
   */
  readonly attempt: <T>(read: () => Promise<T>) => Promise<T | undefined>;
}

/** One check of `doctor`. Checks are independent of each other. */
export interface Check {
  /** What the check ensures, for docs/cli.md. */
  readonly title: string;
  /** Reads the facts and judges them. Errors it throws are reported as findings. */
  readonly examine: (context: CheckContext) => Promise<Judgement | Skipped>;
}

export interface NamedCheck extends Check {
  /** Value of `--only`. */
  readonly name: string;
}
