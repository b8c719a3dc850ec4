import assert from "node:assert/strict";
import { commands, groups } from "../../cli/commands/index.ts";
import { exitCodes } from "../../cli/errors.ts";
import { call } from "./tryCommand.ts";

describe("help", () => {
  it("shows a command by its name", async () => {
    for (const [words, named] of [
      [["help"], ["--help"]],
      [
        ["help", "logs"],
        ["logs", "--help"],
      ],
      [
        ["help", "jit", "request"],
        ["jit", "request", "--help"],
      ],
      [
        ["jit", "help", "request"],
        ["jit", "request", "--help"],
      ],
      [
        ["jit", "help"],
        ["jit", "--help"],
      ],
    ] as const) {
      assert.deepEqual(await call(words), await call(named), words.join(" "));
    }
  });

  it("refuses a name that no command has", async () => {
    for (const [words, error] of [
      [["help", "nope"], "Unknown command 'nope'."],
      [["help", "trial"], "Unknown command 'trial'. Did you mean 'trail'?"],
      [["help", "jit", "rm"], "Unknown command 'rm'."],
      [["jit", "help", "reqest"], "Unknown command 'reqest'. Did you mean 'request'?"],
      [["help", "logs", "web"], "Unknown command 'web'."],
    ] as const) {
      const stderr = `error: ${error}\nAdd --help for the options and for examples.\n`;
      assert.deepEqual(await call(words), { exitCode: 2, stdout: "", stderr });
    }
  });

  it("lists every command, with its groups", async () => {
    const { exitCode, stdout } = await call(["--help"]);
    assert.equal(exitCode, 0);
    for (const { name } of commands) {
      assert.match(stdout, new RegExp(`^ {2}${name.split(" ")[0] ?? ""} `, "m"));
    }
  });

  it("fits into a terminal of 80 columns, except for the lines of the examples", async () => {
    const names = ["", ...Object.keys(groups), ...commands.map(({ name }) => name)];
    for (const name of names) {
      const { stdout } = await call([...name.split(" "), "--help"].filter((word) => word !== ""));
      const [text = ""] = stdout.split("\nExamples:\n");
      assert.deepEqual(
        text.split("\n").filter((line) => line.length > 80),
        [],
        name,
      );
    }
  });

  for (const { name, options, examples } of commands) {
    it(`of ${name} has every option, and examples that can be run`, async () => {
      const { exitCode, stdout } = await call([...name.split(" "), "--help"], commands, { columns: 200 });
      assert.equal(exitCode, 0);
      for (const { flags, description, required = false } of Object.values(options)) {
        assert.ok(stdout.includes(`  ${flags} `), flags);
        assert.equal(stdout.includes(`${description} (required)`), required, flags);
      }
      assert.ok(examples.length > 0);
      for (const [line, meaning] of examples) {
        assert.ok(stdout.includes(`  # ${meaning}\n  bastion-trail ${line}\n`), line);
        assert.ok(line.startsWith(name), `${line} is no example of ${name}`);
      }
    });
  }

  for (const { name, examples, operands } of commands) {
    examples.forEach(([line]) => {
      it(`shows a call that is understood: ${line}`, async () => {
        const known = commands.map((command) => ({
          ...command,
          load: () => Promise.resolve(() => Promise.resolve(exitCodes.fine)),
        }));
        const { exitCode, stderr } = await call(wordsOf(line), known);
        assert.deepEqual([exitCode, stderr], [0, ""]);
        assert.ok(
          operands !== undefined ||
            !wordsOf(line)
              .slice(name.split(" ").length)
              .some((word, index) => index === 0 && !word.startsWith("-")),
        );
      });
    });
  }
});

/** The words of the first command of a shell line. */
function wordsOf(line: string): string[] {
  const [command = ""] = line.split(/ (?:\||>>?|&&) /);
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );
}
