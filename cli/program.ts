/** Registers the commands with commander and runs them. */
import { Argument, Command, Option } from "commander";
import type { AnyCommand, Input, Operand } from "./command.ts";
import { docs } from "./documentation.ts";
import { exitCodes } from "./errors.ts";
import type { Io } from "./io.ts";
import { unknownNames } from "./names/didYouMean.ts";
import { notBlank, oneOf, OptionError, type OptionSpec, type OptionSpecs, withoutLastSlash } from "./options.ts";
import { present } from "./presentError.ts";
import { programName } from "./programName.ts";
import { visible } from "@bastion-trail/core/rules/visible";

export interface ProgramOptions {
  readonly commands: readonly AnyCommand[];
  /** Descriptions of the first word of two-word commands: `sessions` -> "Live Bastion sessions". */
  readonly groups: Readonly<Record<string, string>>;
  readonly version: string;
}

/**
 * Runs one command line.
 * @param args the words after the program's name.
 */
export async function runProgram(args: readonly string[], io: Io, options: ProgramOptions): Promise<number> {
  // Called by the completion scripts. commander would parse the incomplete words as its own.
  if (args[0] === "complete" && args[1] === "--") {
    return (await import("./completion.ts")).answerCompletion(args.slice(2), io);
  }
  let exitCode: number = exitCodes.fine;
  const program = rooted(options, io, wordsAfterDashes(args), async (command, given, operands) => {
    try {
      const handler = await command.load();
      exitCode = await handler({ ...given, operands } as Input<OptionSpecs> as never, io);
    } catch (error) {
      exitCode = await present(error, io, program.opts().debug === true || given.debug === true, command.role);
    }
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    // commander has printed its message. Help and version end this way too.
    return (error as { exitCode?: unknown }).exitCode === 0 ? exitCodes.fine : exitCodes.failure;
  }
  return exitCode;
}

/** commander does not tell the words after `--` from those before it. */
function wordsAfterDashes(args: readonly string[]): number {
  const dashes = args.indexOf("--");
  return dashes < 0 ? 0 : args.length - dashes - 1;
}

type Action = (command: AnyCommand, given: Record<string, unknown>, operands: readonly string[]) => Promise<void>;

function rooted({ commands, groups, version }: ProgramOptions, io: Io, afterDashes: number, action: Action): Command {
  const program = new Command(programName)
    .description(
      "Who may reach which VM, who did, and who is there now: audited, just-in-time access through Azure Bastion.",
    )
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => {
        write(visibleLines([text]));
      },
      getOutHelpWidth: () => io.columns ?? 80,
      getErrHelpWidth: () => io.columns ?? 80,
      getOutHasColors: () => io.colour,
      getErrHasColors: () => io.colour,
    })
    // Names alone leave room for their meaning beside them.
    .configureHelp({ subcommandTerm: nameOf, minWidthToWrap: 30 })
    .exitOverride()
    .showHelpAfterError("Add --help for the options and for examples.")
    .addOption(debugOption())
    .addHelpText("after", examplesText(commands.flatMap(({ examples }) => examples.slice(0, 1))))
    .addHelpText("after", `\nSettings, exit codes and errors: ${docs("cli.md")}`);
  const groupCommands = new Map<string, Command>();
  for (const definition of commands) {
    const [first = "", second] = definition.name.split(" ");
    const parent = second === undefined ? program : groupOf(program, first, groups[first] ?? "", groupCommands);
    addCommand(parent, second ?? first, definition, afterDashes, action);
  }
  for (const parent of [program, ...groupCommands.values()]) addHelp(parent);
  return program;
}

/** commander's own `help` takes one word, and prints the whole help for an unknown one. */
function addHelp(parent: Command): void {
  parent
    .command("help")
    .description("show help")
    .argument("[command...]")
    .helpOption(false)
    .action((names: readonly string[]) => {
      let shown = parent;
      for (const name of names) {
        const next = shown.commands.find((command) => command.name() === name);
        shown = next ?? shown.error(`error: ${unknownNames("command", [name], shown.commands.map(nameOf))}`);
      }
      shown.help();
    });
}

function nameOf(command: Command): string {
  return command.name();
}

function groupOf(program: Command, name: string, description: string, known: Map<string, Command>): Command {
  const group =
    known.get(name) ??
    program.command(name).description(description).helpOption("-h, --help", "show help").helpCommand(false);
  known.set(name, group);
  return group;
}

function addCommand(parent: Command, name: string, definition: AnyCommand, afterDashes: number, action: Action): void {
  const { summary, details, operands = [], options, examples } = definition;
  const invalid: string[] = [];
  // commander itself would report only the first fault, and a missing option alone.
  const faults = (): string[] => [...invalid, ...missingOptions(command, definition.options)];
  const command = parent
    .command(name)
    .configureOutput({
      outputError: (text, write) => {
        write(visibleLines([...new Set([...faults(), text.trimEnd(), ...dashesHint(text, operands)])]));
      },
    })
    .summary(summary)
    .helpOption("-h, --help", "show help")
    .description(details === undefined ? summary : `${summary}\n\n${details}`)
    .addHelpText("after", examplesText(examples));
  operands.forEach((operand) => command.addArgument(argumentFor(operand, invalid)));
  const known = Object.entries(options).map(([key, spec]) => ({ key, option: optionFor(spec, invalid), spec }));
  known.forEach(({ option }) => command.addOption(option));
  command.addOption(debugOption());
  command.action(async () => {
    const fault = faults().at(-1) ?? misplacedWords(command.args, operands, afterDashes);
    if (fault !== undefined) command.error(fault);
    const parsed = command.opts<Record<string, unknown>>();
    const given = Object.fromEntries(
      known.map(({ key, option, spec }): [string, unknown] => [key, valueOf(option, parsed) ?? spec.fallback]),
    );
    await action(definition, { ...given, debug: parsed.debug }, meantWords(command.args, operands));
  });
}

/** Returns errors for the terminal. They repeat what was typed or pasted. */
function visibleLines(errors: readonly string[]): string {
  return errors
    .flatMap((error) => error.trimEnd().split("\n"))
    .map((line) => `${visible(line)}\n`)
    .join("");
}

/** The words as `vmText` reads them, if they name VMs. */
function meantWords(words: readonly string[], operands: readonly Operand[]): string[] {
  const last = operands.at(-1);
  return words.map((word, index) => {
    const operand = operands[index] ?? (last?.variadic === true ? last : undefined);
    return operand?.completes === "vm" ? withoutLastSlash(word) : word;
  });
}

/** The reason for an unknown option may be that it is another program's. */
function dashesHint(error: string, operands: readonly Operand[]): string[] {
  const other = operands.find(({ afterDashes }) => afterDashes === true);
  return other === undefined || !error.startsWith("error: unknown option") ? [] : [mustFollowDashes(other)];
}

function mustFollowDashes({ name }: Operand): string {
  return `Each ${name} must come after --.`;
}

/** Returns an error if words that must come after `--` come before it. */
function misplacedWords(
  words: readonly string[],
  operands: readonly Operand[],
  afterDashes: number,
): string | undefined {
  const index = operands.findIndex((operand) => operand.afterDashes === true);
  const other = operands[index];
  const misplaced = other === undefined ? [] : words.slice(index, words.length - afterDashes);
  return other === undefined || misplaced.length === 0
    ? undefined
    : `error: unexpected argument '${misplaced.join(" ")}'. ${mustFollowDashes(other)}`;
}

/** Returns one error for each required option that is not given. */
function missingOptions(command: Command, options: OptionSpecs): string[] {
  const given = command.opts<Record<string, unknown>>();
  return Object.values(options)
    .filter(({ flags, required }) => required === true && given[new Option(flags).attributeName()] === undefined)
    .map(({ flags }) => `error: required option '${flags}' not specified`);
}

/** commander stores `--no-cache` as `cache: false`. */
function valueOf(option: Option, parsed: Readonly<Record<string, unknown>>): unknown {
  const value = parsed[option.attributeName()];
  return option.negate ? value === false : value === false ? undefined : value;
}

function debugOption(): Option {
  return new Option("--debug", "show the stack trace of an error");
}

/** @param problems invalid words are added here. */
function argumentFor({ name, description, required = false, variadic = false, choices }: Operand, problems: string[]) {
  const dotted = variadic ? `${name}...` : name;
  const argument = new Argument(required ? `<${dotted}>` : `[${dotted}]`, description);
  if (choices !== undefined) {
    argument.choices(choices);
  }
  const parse = choices === undefined ? notBlank : (text: string) => oneOf(choices, text);
  return argument.argParser((text) => checked(parse, text, `argument '${text}' for '${name}'`, problems));
}

/** @param problems invalid values are added here. */
function optionFor(spec: OptionSpec, problems: string[]): Option {
  const { flags, description, parse, choices, repeatable, required = false, group } = spec;
  const option = new Option(flags, required ? `${description} (required)` : description);
  if (option.negate) {
    // commander would keep only the last of `--cache` and `--no-cache`. Only both together can be refused.
    option.attributeName = () => option.name();
  }
  if (group !== undefined) {
    option.helpGroup(group);
  }
  if (choices !== undefined) {
    option.choices(choices);
  }
  if (parse !== undefined) {
    let earlier: string | undefined;
    option.argParser((text, before) => {
      const value = checked(parse, text, `option '${flags}' argument '${text}'`, problems);
      // commander would drop the earlier value: a filter or a verdict of `--fail-on` would not count.
      if (repeatable !== true && earlier !== undefined && earlier !== text) {
        problems.push(`error: option '${flags}' is given twice, with '${earlier}' and '${text}'. Give it once.`);
      }
      earlier = text;
      return repeatable === true ? [...((before as unknown[] | undefined) ?? []), value] : value;
    });
  }
  return option;
}

/** The parsed text, or the text itself if it is invalid. */
function checked(parse: (text: string) => unknown, text: string, name: string, problems: string[]): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    problems.push(`error: ${name} is invalid. ${error.message}`);
    return text;
  }
}

function examplesText(examples: AnyCommand["examples"]): string {
  const lines = examples.map(([call, meaning]) => `  # ${meaning}\n  ${programName} ${call}`);
  return `\nExamples:\n${lines.join("\n")}`;
}
