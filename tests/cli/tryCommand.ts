import { defineCommand, type AnyCommand, type Handler } from "../../cli/command.ts";
import { commands, groups } from "../../cli/commands/index.ts";
import { choice, duration, flag, moment, requiredText, text, texts, wholeNumber } from "../../cli/options.ts";
import { runProgram } from "../../cli/program.ts";
import { fakeIo, type FakeOptions } from "./fakeIo.ts";

interface Call {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function call(
  args: readonly string[],
  known: readonly AnyCommand[] = commands,
  fake: FakeOptions = {},
): Promise<Call> {
  const io = fakeIo(fake);
  const exitCode = await runProgram(args, io, { commands: known, groups, version: "1.2.3" });
  return { exitCode, ...io.written };
}

const tryOptions = {
  user: text("--user <name>", "somebody"),
  vm: texts("--vm <name>", "machines"),
  reason: requiredText("--reason <text>", "why"),
  port: wholeNumber("--port <port>", "a port", [1, 65_535]),
  length: duration("--for <length>", "how long"),
  from: moment("--from <time>", "since when"),
  outcome: choice("--outcome <outcome>", "how", ["connected", "failed"]),
  yes: flag("-y, --yes", "do not ask"),
  cache: text("--cache <folder>", "where"),
  noCache: flag("--no-cache", "nowhere"),
};

export function commandThat(handler: Handler<typeof tryOptions>): AnyCommand {
  return defineCommand({
    name: "try out",
    summary: "Try something.",
    operands: [{ name: "id", description: "which", variadic: true }],
    options: tryOptions,
    examples: [["try out 1 --reason test", "Try one"]],
    load: () => Promise.resolve(handler),
  });
}

export function failing(error: Error): AnyCommand {
  return commandThat(() => Promise.reject(error));
}

export const attempt = ["try", "out", "--reason", "r"];
