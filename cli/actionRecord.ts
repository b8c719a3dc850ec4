/**
 * The record of what was done with this CLI: one line of JSON for each outcome, appended and never rewritten. Azure's
 * activity log has who and when of the same calls, under the same correlation id; only this record has the reason.
 */
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { callerOf } from "../azure/caller.ts";
import type { ArmClient } from "../azure/armClient.ts";
import { UserError } from "./errors.ts";
import type { Io } from "./io.ts";
import { stateFolder } from "./stateFolder.ts";

export interface ActionEntry {
  /** ISO 8601 UTC, by Azure's clock. */
  readonly time: string;
  readonly action: "sessions kill" | "jit revoke";
  /** Account or application id that Azure saw. */
  readonly by: string;
  readonly reason: string;
  /** What was acted on: a session's id, or the ARM id of a VM. */
  readonly target: string;
  /** `asked` before the call, then what became of it. */
  readonly outcome: string;
  readonly message: string | null;
  /** What the activity log has as `correlationId`. */
  readonly correlationId: string | null;
  /** What else is known of the target. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What stays the same for all entries of one call. */
export interface ActionContext {
  readonly action: ActionEntry["action"];
  readonly reason: string;
}

type Outcome = Pick<ActionEntry, "target" | "outcome" | "message" | "correlationId" | "details">;

export class ActionRecord {
  /** Where the entries are. */
  readonly file: string;
  readonly #arm: ArmClient;
  readonly #by: string;
  readonly #context: ActionContext;

  private constructor(file: string, arm: ArmClient, by: string, context: ActionContext) {
    this.file = file;
    this.#arm = arm;
    this.#by = by;
    this.#context = context;
  }

  /**
   * Makes the file, which only its owner can read.
   * @throws `UserError` when it cannot be written: what cannot be recorded is not done.
   */
  static async open(io: Io, arm: ArmClient, context: ActionContext): Promise<ActionRecord> {
    const folder = stateFolder(io.env);
    const record = new ActionRecord(join(folder, "actions.ndjson"), arm, callerOf(await arm.token()), context);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await record.#append("");
    } catch (error) {
      throw new UserError(
        `The record of actions ${record.file} cannot be written, so nothing was done.`,
        "Make its folder writable, or set BASTION_TRAIL_STATE to another one.",
        { cause: error },
      );
    }
    return record;
  }

  /** Durable once it returns. */
  async add(outcomes: readonly Outcome[]): Promise<void> {
    const time = this.#arm.now().toISOString();
    const lines = outcomes.map((outcome) => {
      const entry: ActionEntry = { time, by: this.#by, ...this.#context, ...outcome };
      return `${JSON.stringify(entry)}\n`;
    });
    await this.#append(lines.join(""));
  }

  async #append(text: string): Promise<void> {
    const file = await open(this.file, "a", 0o600);
    try {
      await file.appendFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
