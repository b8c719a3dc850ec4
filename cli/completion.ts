/** Shell completion: the scripts for the shells, and the answers to what the scripts ask. */
import { readdirSync } from "node:fs";
import { RootCommand, type Command, type Complete } from "@bomb.sh/tab";
import { commands, groups } from "./commands/index.ts";
import type { AnyCommand } from "./command.ts";
import { exitCodes, type ExitCode } from "./errors.ts";
import { write, type Io } from "./io.ts";
import type { OptionSpec } from "./options.ts";
import { programName } from "./programName.ts";

/**
 * The library's script for bash evaluates the words that are being typed, needs the package bash-completion, and cannot be
 * loaded twice. The file names that `-o default` offers are for options that take a path.
 */
const bashScript = `# bash completion for ${programName}
_bastion_trail() {
  local line word IFS=$'\\n'
  COMPREPLY=()
  for line in $(${programName} complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null); do
    [[ $line == :* ]] && continue
    printf -v word %q "\${line%%$'\\t'*}"
    COMPREPLY+=("$word")
  done
}
complete -o default -F _bastion_trail ${programName}
`;

interface ShellChoice {
  readonly operands: readonly string[];
}

/** Prints a shell's script. */
export async function runComplete({ operands: [shell = ""] }: ShellChoice, io: Io): Promise<ExitCode> {
  if (shell === "bash") {
    await write(io.stdout, bashScript);
  } else {
    new RootCommand().setup(programName, programName, shell);
  }
  return exitCodes.fine;
}

/**
 * Prints what can stand for the last of the words, one a line.
 * @param words those after the program's name; the last one may be unfinished or empty.
 */
export function answerCompletion(words: readonly string[], io: Io): ExitCode {
  const root = new RootCommand();
  Object.entries(groups).forEach(([name, description]) => root.command(name, description));
  commands.forEach((command) => {
    describe(root.command(command.name, command.summary), command, io);
  });
  root.parse([...words]);
  return exitCodes.fine;
}

function describe(known: Command, { options, operands = [] }: AnyCommand, io: Io): void {
  Object.values(options).forEach((spec) => {
    addOption(known, spec, io);
  });
  for (const { name, choices = [], variadic } of operands) {
    known.argument(name, offering(choices), variadic);
  }
}

function addOption(known: Command, spec: OptionSpec, io: Io): void {
  const [, short, name = "", value] = /^(?:-(\w), )?--([\w-]+)(?: (\S+))?$/.exec(spec.flags) ?? [];
  if (value === undefined) {
    known.option(name, spec.description, short);
  } else {
    known.option(name, spec.description, valuesOf(spec, io), short);
  }
}

function valuesOf({ choices = [], suggestions = [], completes }: OptionSpec, io: Io): Offer {
  return offering([...choices, ...suggestions, ...(completes === undefined ? [] : entriesOf(io.cwd, completes))]);
}

type Offer = (this: unknown, complete: Complete) => void;

function offering(values: readonly string[]): Offer {
  return (complete) => {
    values.forEach((value) => {
      complete(value, "");
    });
  };
}

function entriesOf(folder: string, kind: "file" | "folder"): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() === (kind === "folder") && !entry.name.startsWith("."))
      .map(({ name }) => name);
  } catch {
    // Completion offers what it can see.
    return [];
  }
}
