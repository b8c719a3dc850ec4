import assert from "node:assert/strict";
import { commands } from "../../cli/commands/index.ts";
import { exitCodes } from "../../cli/errors.ts";
import { call, commandThat, failing, attempt } from "./tryCommand.ts";

describe("the program", () => {
  it("passes parsed options and operands to a command", async () => {
    let given: unknown;
    const known = commandThat((options) => {
      given = options;
      return Promise.resolve(exitCodes.findings);
    });
    const words =
      "try out a b --user ada --vm web --vm db --reason INC-1 --port 22 --for 1h --from 2026-05-04 --outcome failed -y";
    const { exitCode } = await call(words.split(" "), [known]);
    assert.equal(exitCode, 1);
    assert.deepEqual(given, {
      operands: ["a", "b"],
      user: "ada",
      vm: ["web", "db"],
      reason: "INC-1",
      port: 22,
      length: 3_600_000,
      from: new Date("2026-05-04"),
      outcome: "failed",
      yes: true,
      cache: undefined,
      noCache: false,
      debug: undefined,
    });
  });

  it("distinguishes an option from its negation", async () => {
    const given: unknown[] = [];
    const known = commandThat(({ cache, noCache }) => {
      given.push([cache, noCache]);
      return Promise.resolve(exitCodes.fine);
    });
    for (const words of [[], ["--cache", "x"], ["--no-cache"]]) await call([...attempt, ...words], [known]);
    assert.deepEqual(given, [
      [undefined, false],
      ["x", false],
      [undefined, true],
    ]);
  });

  it("refuses an option together with its negation", async () => {
    for (const words of [
      ["--cache", "x", "--no-cache"],
      ["--no-cache", "--cache", "x"],
    ]) {
      const { exitCode, stderr } = await call(["logs", "--source", ".", ...words]);
      assert.deepEqual([exitCode, stderr], [2, "error: --cache and --no-cache cannot be combined. Use one of them.\n"]);
    }
  });

  it("refuses what is not the only word allowed", async () => {
    const { exitCode, stderr } = await call(["trail", "shw"]);
    assert.deepEqual(
      [exitCode, stderr],
      [
        2,
        "error: argument 'shw' for 'action' is invalid. Must be show.\nAdd --help for the options and for examples.\n",
      ],
    );
  });

  it("leaves out what is not given", async () => {
    let given: Record<string, unknown> = {};
    const known = commandThat((options) => {
      given = { ...options };
      return Promise.resolve(exitCodes.fine);
    });
    assert.equal((await call(attempt, [known])).exitCode, 0);
    assert.deepEqual(
      [given.operands, given.user, given.vm, given.yes, given.port],
      [[], undefined, [], false, undefined],
    );
  });

  for (const [words, said] of [
    [["--port", "0"], "Must be a whole number from 1 to 65535."],
    [["--port", "22x"], "Must be a whole number from 1 to 65535."],
    [["--for", "long"], "Must be a length of time, such as 90m, 24h, 7d or 1h30m."],
    [["--for", "0h"], "argument '0h' is invalid. Must be longer than 0."],
    [["--from", "monday"], "Must be a date or time, such as 2026-05-04, 2026-05-04T10:00Z or 2026-05-04T12:00+02:00."],
    [["--outcome", "fine"], "Must be one of connected, failed.\n"],
    [["--outcome", "fialed"], "Must be one of connected, failed. Did you mean 'failed'?"],
    [["--user", ""], "option '--user <name>' argument '' is invalid. Must not be empty."],
    [["--vm", "web", "--vm", " "], "option '--vm <name>' argument ' ' is invalid. Must not be empty."],
    [["1", ""], "argument '' for 'id' is invalid. Must not be empty."],
    [["--nonsense"], "unknown option '--nonsense'"],
    [["--outcome", "\u001b[2J"], "argument '\\u{1b}[2J' is invalid. Must be one of connected, failed.\n"],
    [["--non\u001b[2Jsense"], "unknown option '--non\\u{1b}[2Jsense'\n"],
  ] as const) {
    it(`refuses ${words.join(" ")}, says what is allowed, and ends with 2`, async () => {
      const { exitCode, stdout, stderr } = await call([...attempt, ...words], [failing(new Error("was run"))]);
      assert.deepEqual([exitCode, stdout], [2, ""]);
      assert.ok(stderr.startsWith("error: ") && stderr.includes(said), stderr);
      assert.match(stderr, /Add --help for the options and for examples\.\n$/);
    });
  }

  it("reports all problems of the options at once", async () => {
    const words = ["try", "out", "--port", "0", "--from", "monday", "--outcome", "", " ", "--nonsens"];
    const { exitCode, stderr } = await call(words, [failing(new Error("was run"))]);
    assert.equal(exitCode, 2);
    assert.deepEqual(stderr.split("\n"), [
      "error: option '--port <port>' argument '0' is invalid. Must be a whole number from 1 to 65535.",
      "error: option '--from <time>' argument 'monday' is invalid. " +
        "Must be a date or time, such as 2026-05-04, 2026-05-04T10:00Z or 2026-05-04T12:00+02:00.",
      "error: option '--outcome <outcome>' argument '' is invalid. Must be one of connected, failed.",
      "error: required option '--reason <text>' not specified",
      "error: unknown option '--nonsens'",
      "Add --help for the options and for examples.",
      "",
    ]);
  });

  it("refuses a second value of an option that takes one, and takes the same value twice", async () => {
    const values = ["--user", "ada", "--user", "ben", "--vm", "web", "--vm", "db"];
    const { exitCode, stderr } = await call([...attempt, ...values], [failing(new Error("was run"))]);
    assert.equal(exitCode, 2);
    assert.deepEqual(stderr.split("\n"), [
      "error: option '--user <name>' is given twice, with 'ada' and 'ben'. Give it once.",
      "Add --help for the options and for examples.",
      "",
    ]);
    const same = await call([...attempt, "--user", "ada", "--user", "ada"], [commandThat(() => Promise.resolve(0))]);
    assert.deepEqual(same, { exitCode: 0, stdout: "", stderr: "" });
  });

  for (const { name, options } of commands) {
    const words = (flags: string) => [...name.split(" "), /--[\w-]+/.exec(flags)?.[0] ?? "", ""];
    const valued = Object.values(options).filter(({ flags }) => flags.includes("<"));
    if (valued.length === 0) continue;
    it(`refuses an empty value of every option of ${name}`, async () => {
      for (const { flags } of valued) {
        const { exitCode, stderr } = await call(words(flags));
        assert.equal(exitCode, 2);
        assert.match(stderr, /^error: option '.*' argument '' is invalid\. /);
      }
    });
  }

  const host = "/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.Network/bastionHosts/NAME";
  for (const [option, value, wanted] of [
    ["--subscription", "production", "a GUID, such as 00000000-0000-0000-0000-000000000000"],
    ["--workspace", "/subscriptions/s/resourceGroups/g/x", "a GUID, such as 00000000-0000-0000-0000-000000000000"],
    ["--workspace", "{11111111-2222-3333-4444-555555555555}", "a GUID, such as 00000000-0000-0000-0000-000000000000"],
    ["--bastion", "bst", `an ARM id: ${host}`],
    ["--bastion", host.replace("bastionHosts", "virtualNetworks"), `an ARM id: ${host}`],
    ["--archive", "trail", "the account's blob endpoint: https://ACCOUNT.blob.core.windows.net"],
    ["--archive", "http://a.example", "the account's blob endpoint: https://ACCOUNT.blob.core.windows.net"],
  ] as const) {
    it(`refuses ${option} ${value}`, async () => {
      const { exitCode, stderr } = await call(["logs", option, value]);
      assert.equal(exitCode, 2);
      assert.ok(stderr.includes(`argument '${value}' is invalid. Must be ${wanted}.\n`), stderr);
    });
  }

  for (const [name, option] of [
    ["activity", "--bastion"],
    ["jit ls", "--bastion"],
    ["jit request", "--workspace"],
    ["jit revoke", "--archive"],
    ["connect", "--archive"],
  ] as const) {
    it(`refuses ${option} in ${name}, where it would change nothing`, async () => {
      const reason = name === "jit ls" || name === "activity" ? [] : ["--reason", "r"];
      const { exitCode, stderr } = await call([...name.split(" "), option, "x", ...reason]);
      assert.equal(exitCode, 2);
      assert.match(stderr, new RegExp(`^error: unknown option '${option}'`));
    });
  }

  it("names a missing option or operand", async () => {
    const { exitCode, stderr } = await call(["try", "out"], [failing(new Error("was run"))]);
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: required option '--reason <text>' not specified\nAdd --help/);
    assert.match(
      (await call(["jit", "request"])).stderr,
      /^error: required option '--reason <text>' not specified\nerror: missing required argument 'vm'\nAdd --help/,
    );
  });

  it("ignores a slash at the end of a VM's ARM id", async () => {
    const given: (readonly string[])[] = [];
    const known = commands.map((command) => ({
      ...command,
      load: () =>
        Promise.resolve(({ operands }: { operands: readonly string[] }) => {
          given.push(operands);
          return Promise.resolve(exitCodes.fine);
        }),
    }));
    await call(["connect", "/vms/web/", "--", "ls", "/tmp/"], known);
    await call(["jit", "request", "/vms/web/", "db", "/vms/x//", "--reason", "r"], known);
    assert.deepEqual(given, [
      ["/vms/web", "ls", "/tmp/"],
      ["/vms/web", "db", "/vms/x"],
    ]);
  });

  it("takes words for ssh only after --", async () => {
    for (const [words, misplaced] of [
      [["connect", "web", "db"], "db"],
      [["connect", "web", "db", "--portal", "--", "-v"], "db"],
      [["connect", "web", "uptime", "now"], "uptime now"],
    ] as const) {
      assert.deepEqual(await call(words), {
        exitCode: 2,
        stdout: "",
        stderr:
          `error: unexpected argument '${misplaced}'. Each ssh-argument must come after --.\n` +
          "Add --help for the options and for examples.\n",
      });
    }
    assert.equal(
      (await call(["connect", "web", "-L", "8080:localhost:80"])).stderr,
      "error: unknown option '-L'\nEach ssh-argument must come after --.\nAdd --help for the options and for examples.\n",
    );
    let given: readonly string[] = [];
    const known = commands.map((command) => ({
      ...command,
      load: () =>
        Promise.resolve(({ operands }: { operands: readonly string[] }) => {
          given = operands;
          return Promise.resolve(exitCodes.fine);
        }),
    }));
    assert.equal((await call(["connect", "web", "--", "-L", "1:b:2", "--"], known)).exitCode, 0);
    assert.deepEqual(given, ["web", "-L", "1:b:2", "--"]);
  });

  it("knows its version", async () => {
    assert.deepEqual(await call(["--version"]), { exitCode: 0, stdout: "1.2.3\n", stderr: "" });
  });

  it("refuses an unknown command", async () => {
    const { exitCode, stdout, stderr } = await call(["log"]);
    assert.deepEqual([exitCode, stdout], [2, ""]);
    assert.match(stderr, /^error: unknown command 'log'\n\(Did you mean logs\?\)/);
  });
});
