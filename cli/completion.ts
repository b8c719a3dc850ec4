/** Shell completion: answers the scripts that `complete` prints. */
import { readdirSync } from "node:fs";
import { RootCommand, type Command, type Complete } from "@bomb.sh/tab";
import { commands, groups } from "./commands/index.ts";
import type { AnyCommand } from "./command.ts";
import { exitCodes, type ExitCode } from "./errors.ts";
import type { Io } from "./io.ts";
import type { OptionSpec } from "./options.ts";
import { recallNames, type OfferedKind, type SeenName } from "./seenNames.ts";
import type { SettingsFlags } from "./settings/settingValues.ts";

/**
 * Prints the candidates for the last word, one per line. Calls neither Azure nor Pulumi, so that it takes no longer
 * than the program's start.
 * @param words the words after the program's name; the last one may be incomplete or empty.
 */
export function answerCompletion(words: readonly string[], io: Io): ExitCode {
  const root = new RootCommand();
  const typed = words.flatMap((word, index) => separated(word, index === words.length - 1));
  const names: NamesOf = (kind) => recallNames(kind, settingsIn(typed), io);
  Object.entries(groups).forEach(([name, description]) => root.command(name, description));
  commands.forEach((command) => {
    describe(root.command(command.name, command.summary), command, io, names);
  });
  root.parse(typed);
  return exitCodes.fine;
}

/**
 * Splits `--option=value`, because the library knows only `--option value`. bash has already made three words of it.
 */
function separated(word: string, isLast: boolean): string[] {
  if (word === "=") {
    return isLast ? [""] : [];
  }
  const [, option, value] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
  return isLast || option === undefined || value === undefined ? [word] : [option, value];
}

/** The options typed so far that name the deployment. */
function settingsIn(words: readonly string[]): SettingsFlags {
  const valueOf = (flag: string): string | undefined => {
    const index = words.indexOf(flag);
    return index < 0 ? undefined : words[index + 1];
  };
  return {
    stack: valueOf("--stack"),
    outputs: valueOf("--outputs"),
    profile: valueOf("--profile"),
    subscription: valueOf("--subscription"),
    bastion: valueOf("--bastion"),
  };
}

/** Looks up the candidates of one kind. */
type NamesOf = (kind: OfferedKind) => readonly SeenName[];

function describe(known: Command, { options, operands = [] }: AnyCommand, io: Io, names: NamesOf): void {
  Object.values(options).forEach((spec) => {
    addOption(known, spec, io, names);
  });
  operands.forEach((operand) => {
    known.argument(operand.name, offering(operand, io, names), operand.variadic);
  });
}

function addOption(known: Command, spec: OptionSpec, io: Io, names: NamesOf): void {
  const [, short, name = "", value] = /^(?:-(\w), )?--([\w-]+)(?: (\S+))?$/.exec(spec.flags) ?? [];
  if (value === undefined) {
    known.option(name, spec.description, short);
  } else {
    known.option(name, spec.description, offering(spec, io, names), short);
  }
}

type Offer = (this: unknown, complete: Complete) => void;

/** Looks names up only for the word being completed. */
function offering(
  { choices = [], suggestions = [], completes }: Pick<OptionSpec, "choices" | "suggestions" | "completes">,
  io: Io,
  names: NamesOf,
): Offer {
  return (complete) => {
    [...choices, ...suggestions].forEach((value) => {
      complete(value, "");
    });
    if (completes === "vm" || completes === "session" || completes === "profile") {
      names(completes).forEach(({ name, hint }) => {
        complete(name, hint);
      });
    } else if (completes !== undefined) {
      entriesOf(io.cwd, completes).forEach((entry) => {
        complete(entry, "");
      });
    }
  };
}

function entriesOf(folder: string, kind: "file" | "folder"): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() === (kind === "folder") && !entry.name.startsWith("."))
      .map(({ name }) => name);
  } catch {
    // Completion offers what it can read and ignores the rest.
    return [];
  }
}
