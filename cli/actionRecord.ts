/**
 * The record of all actions taken with this CLI: one line of JSON for each step, appended and never rewritten. Azure's
 * activity log has the caller and the time of the same calls, under the same correlation id; only this record always
 * has the reason.
 */
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { callerOf } from "./azure/caller.ts";
import type { ArmClient } from "./azure/armClient.ts";
import { exitCodes, UserError, type ExitCode } from "./errors.ts";
import { diskReason } from "./files/fileErrors.ts";
import { note, type Io } from "./io.ts";
import { makeFolders } from "./files/makeFolders.ts";
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
  readonly #io: Io;
  readonly #arm: ArmClient;
  readonly #by: string;
  readonly #context: ActionContext;
  #isComplete = true;

  private constructor(file: string, io: Io, arm: ArmClient, by: string, context: ActionContext) {
    this.#file = file;
    this.#io = io;
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
    const record = new ActionRecord(join(folder, "actions.ndjson"), io, arm, callerOf(await arm.token()), context);
    try {
      makeFolders(folder, ownerOnlyFolder);
      await record.#endLastLine();
    } catch (error) {
      throw record.#unwritable(error);
    }
    return record;
  }

  /**
   * Appends what is about to be done, before any call to Azure.
   * @throws `UserError` if it cannot be written: an action that cannot be recorded is not taken.
   */
  async addAsked(asked: readonly Omit<Outcome, "outcome">[]): Promise<void> {
    try {
      await this.#add(asked.map((one) => ({ ...one, outcome: "asked" })));
    } catch (error) {
      throw this.#unwritable(error);
    }
  }

  /** Appends what was done. A failure is a warning, because the command still has to report what it did. */
  async add(outcomes: readonly Outcome[]): Promise<void> {
    try {
      await this.#add(outcomes);
    } catch (error) {
      this.#isComplete = false;
      const reason = diskReason(error) ?? (error instanceof Error ? error.message : String(error));
      const what = outcomes.map(({ outcome, target }) => `${outcome} (${target})`).join(", ");
      await note(
        this.#io,
        `warning: the record of actions ${this.#file} cannot be written: ${reason}. Missing: ${what}.`,
      );
    }
  }

  /** @param code the exit code of what was done. An outcome that is missing from the record is something to look at. */
  exitCode(code: ExitCode): ExitCode {
    return this.#isComplete || code !== exitCodes.fine ? code : exitCodes.findings;
  }

  /** Appends entries; they are durable once this returns. `message` and `correlationId` default to null. */
  async #add(outcomes: readonly Outcome[]): Promise<void> {
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

  #unwritable(cause: unknown): UserError {
    const reason = diskReason(cause);
    return new UserError(
      `Cannot write the record of actions ${this.#file}${reason === undefined ? "" : ` (${reason})`}, so nothing was done.`,
      "Make its folder writable, or set BASTION_TRAIL_STATE to another folder.",
      { cause },
    );
  }

  async #append(text: string): Promise<void> {
    await using file = await open(this.#file, "a", ownerOnlyFile);
    await file.appendFile(text);
    await file.sync();
  }

  /** Creates the file. A full disk may have cut its last line: whatever is added to that could not be read. */
  async #endLastLine(): Promise<void> {
    await using file = await open(this.#file, "a+", ownerOnlyFile);
    const { size } = await file.stat();
    const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(size - 1, 0));
    if (bytesRead === 1 && buffer.toString() !== "\n") await file.appendFile("\n");
  }
}
