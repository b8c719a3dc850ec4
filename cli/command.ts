/**
 * Definition of a command: a `command.ts` below `cli/commands`, or `lsCommand.ts` for one of a group. It imports nothing
 * heavy, because all definitions are loaded on every call, even for `--help`. `load` imports the code that does the work
 * when the command runs.
 */
import type { Io } from "./io.ts";
import type { OptionSpecs, OptionValues } from "./options.ts";
import type { RoleFileName } from "./roleFiles.ts";

/** A word after the command's name. */
export interface Operand {
  /** Name shown in help: `vm`. */
  readonly name: string;
  readonly description: string;
  /** Whether it must be given. Default: false. */
  readonly required?: boolean;
  /** Whether it takes all remaining words. Only the last operand can. Default: false. */
  readonly variadic?: boolean;
  /** Whether its words must come after `--`, so that none is taken for another operand. Default: false. */
  readonly afterDashes?: boolean;
  /** The only values that are accepted; shell completion offers them. */
  readonly choices?: readonly string[];
  /** What shell completion offers if there are no choices. */
  readonly completes?: "vm" | "session" | "profile";
}

/** The options and operands that a command is called with. */
export type Input<Options extends OptionSpecs> = OptionValues<Options> & {
  /** The words after the command's name. */
  readonly operands: readonly string[];
};

/** @returns the exit code: one of `exitCodes`, or that of a program to which the command handed over. */
export type Handler<Options extends OptionSpecs> = (options: Input<Options>, io: Io) => Promise<number>;

export interface CommandDefinition<Options extends OptionSpecs = OptionSpecs> {
  /** One word, or two for a command of a group: `logs`, `sessions ls`. */
  readonly name: string;
  /** One sentence, shown in the list of commands. */
  readonly summary: string;
  /** Further text in the command's help. */
  readonly details?: string;
  readonly operands?: readonly Operand[];
  /** A separate constant, so that the handler can take its type from it: `Handler<typeof logsOptions>`. */
  readonly options: Options;
  /** Example calls, as typed after `bastion-trail`, each with its meaning. At least one. */
  readonly examples: readonly (readonly [call: string, meaning: string])[];
  /** The file in cli/roles with every permission the command needs. Default: Azure's built-in role Reader is enough. */
  readonly role?: RoleFileName;
  /** Imports the handler. */
  readonly load: () => Promise<Handler<Options>>;
}

/** A command of any options, for the program's list. */
export type AnyCommand = Omit<CommandDefinition, "load"> & { readonly load: () => Promise<Handler<never>> };

/** Types a definition by its own options: `export const logs = defineCommand({...})`. */
export function defineCommand<const Options extends OptionSpecs>(
  definition: CommandDefinition<Options>,
): CommandDefinition<Options> {
  return definition;
}
