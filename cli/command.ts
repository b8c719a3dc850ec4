/**
 * What a command is. `cli/commands/<name>.ts` exports its definition and imports nothing heavy: all definitions are loaded
 * for every call, also for `--help`. What does the work is imported by `load`, when the command is run.
 */
import type { Io } from "./io.ts";
import type { OptionSpecs, OptionValues } from "./options.ts";
import type { RoleFileName } from "./roleFiles.ts";

/** A word after the command's name. */
export interface Operand {
  /** As help shows it: `vm`. */
  readonly name: string;
  readonly description: string;
  /** Must be given. Default: false. */
  readonly required?: boolean;
  /** Takes all words that are left; only the last one can. Default: false. */
  readonly variadic?: boolean;
  /** The only values that are accepted; shell completion offers them. */
  readonly choices?: readonly string[];
  /** What shell completion offers where there are no choices. */
  readonly completes?: "vm" | "session" | "profile";
}

/** What a command is called with. */
export type Input<Options extends OptionSpecs> = OptionValues<Options> & {
  /** The words after the command's name. */
  readonly operands: readonly string[];
};

/** @returns the exit code: one of `exitCodes`, or that of a program which it handed over to. */
export type Handler<Options extends OptionSpecs> = (options: Input<Options>, io: Io) => Promise<number>;

export interface CommandDefinition<Options extends OptionSpecs = OptionSpecs> {
  /** One word, or two for a command of a group: `logs`, `sessions ls`. */
  readonly name: string;
  /** One sentence, shown in the list of commands. */
  readonly summary: string;
  /** What else help says. */
  readonly details?: string;
  readonly operands?: readonly Operand[];
  /** A constant of its own, of which the handler takes its type: `Handler<typeof logsOptions>`. */
  readonly options: Options;
  /** Calls as one types them after `bastion-trail`, each with what it does. At least one. */
  readonly examples: readonly (readonly [call: string, meaning: string])[];
  /** The file in cli/roles with all that it may be refused for. Default: Azure's own role Reader is enough. */
  readonly role?: RoleFileName;
  /** Imports what runs the command. */
  readonly load: () => Promise<Handler<Options>>;
}

/** Any command, as the program's list holds them. */
export type AnyCommand = Omit<CommandDefinition, "load"> & { readonly load: () => Promise<Handler<never>> };

/** Gives a definition's options their types: `export const logs = defineCommand({...})`. */
export function defineCommand<const Options extends OptionSpecs>(
  definition: CommandDefinition<Options>,
): CommandDefinition<Options> {
  return definition;
}
