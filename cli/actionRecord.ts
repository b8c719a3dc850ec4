/**
 * The record of all actions taken with this CLI: one line of JSON for each step, appended and never rewritten. Azure's
 * activity log has the caller and the time of the same calls, under the same correlation id; only this record always
 * has the reason.
 */
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { callerOf } from "./azure/caller.ts";
import type { ArmClient } from "./azure/armClient.ts";
import { UserError } from "./errors.ts";
import type { Io } from "./io.ts";
import { ownerOnlyFile, ownerOnlyFolder } from "./files/privateFolder.ts";
import { stateFolder } from "./files/stateFolder.ts";

export interface ActionEntry {
  /** ISO 8601 UTC, by Azure's clock. */
  readonly time: string;
  readonly action: "sessions kill" | "jit request" | "jit revoke" | "connect";
  /** The account or application that Azure saw, as `callerOf` names it. */
  readonly by: string;
  /** Null if the command needs no reason. */
  readonly reason: string | null;
  /** A session's id, or the ARM id of a VM. */
  readonly target: string;
  /** `asked` before the call to Azure, then the outcome of the call. */
  readonly outcome: string;
  readonly message: string | null;
  /** The `correlationId` of the call in the activity log. */
  readonly correlationId: string | null;
  /** Further facts about the step. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** The fields that all entries of one call share. */
export interface ActionContext {
  readonly action: ActionEntry["action"];
  readonly reason: ActionEntry["reason"];
}

type Outcome = Pick<ActionEntry, "target" | "outcome" | "details"> &
  Partial<Pick<ActionEntry, "message" | "correlationId">>;

export class ActionRecord {
  readonly #file: string;
  readonly #arm: ArmClient;
  readonly #by: string;
  readonly #context: ActionContext;

  private constructor(file: string, arm: ArmClient, by: string, context: ActionContext) {
    this.#file = file;
    this.#arm = arm;
    this.#by = by;
    this.#context = context;
  }

  /**
   * Creates the file, readable by its owner only.
   * @throws `UserError` if it cannot be written: an action that cannot be recorded is not taken.
   */
  static async open(io: Io, arm: ArmClient, context: ActionContext): Promise<ActionRecord> {
    const folder = stateFolder(io.env);
    const record = new ActionRecord(join(folder, "actions.ndjson"), arm, callerOf(await arm.token()), context);
    try {
      await mkdir(folder, { recursive: true, mode: ownerOnlyFolder });
      await record.#append("");
    } catch (error) {
      throw new UserError(
        `Cannot write the record of actions ${record.#file}, so nothing was done.`,
        "Make its folder writable, or set BASTION_TRAIL_STATE to another folder.",
        { cause: error },
      );
    }
    return record;
  }

  /** Appends entries; they are durable once this returns. `message` and `correlationId` default to null. */
  async add(outcomes: readonly Outcome[]): Promise<void> {
    const time = this.#arm.now().toISOString();
    const lines = outcomes.map((outcome) => {
      const none = { message: null, correlationId: null };
      const entry: ActionEntry = { time, by: this.#by, ...this.#context, ...none, ...outcome };
      return `${JSON.stringify(entry)}\n`;
    });
    await this.#append(lines.join(""));
  }

  /** The recorded entries, oldest first. Unreadable lines are skipped. */
  async entries(): Promise<readonly ActionEntry[]> {
    const lines = (await readFile(this.#file, "utf8")).split("\n");
    return lines.flatMap((line) => {
      try {
        return [JSON.parse(line) as ActionEntry];
      } catch {
        return [];
      }
    });
  }

  async #append(text: string): Promise<void> {
    const file = await open(this.#file, "a", ownerOnlyFile);
    try {
      await file.appendFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
