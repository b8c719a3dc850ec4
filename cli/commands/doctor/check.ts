import type { CheckName } from "./checkNames.ts";
import type { LastRecords } from "./lastRecords.ts";
import type { Skipped, Verdict } from "./finding.ts";
import type { Identity } from "./identity.ts";
import type { Inventory } from "./inventory.ts";
import type { RoleName } from "./roles.ts";

export interface CheckOptions {
  /** Roles that the identity is to have. */
  readonly roles: readonly RoleName[];
  /** How old the last record may be, in milliseconds. */
  readonly maxAgeMs: number | undefined;
  /** Ask the workspace too when its last record arrived. */
  readonly workspaceRecords: boolean;
}

export interface CheckContext {
  readonly inventory: Inventory;
  readonly options: CheckOptions;
  /** Who is signed in. */
  readonly identity: Identity;
  readonly lastRecords: LastRecords;
  /**
   * Reads something that the rest of the check can do without.
   * @returns `undefined` where that failed, which is told beside the check's own findings.
   */
  readonly attempt: <T>(read: () => Promise<T>) => Promise<T | undefined>;
}

/** One thing that `doctor` looks at. Checks do not know of each other. */
export interface Check {
  /** As `--only` has it. */
  readonly name: CheckName;
  /** What it makes sure of, for help and docs/cli.md. */
  readonly title: string;
  /** Reads the facts and judges them. What it throws is told as a finding. */
  readonly examine: (context: CheckContext) => Promise<Verdict | Skipped>;
}
