import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { longestSession } from "../bastion/connectRequest.ts";
import { Failure, messageOf } from "../failure.ts";
import type { AccessRequest } from "../jitRequest.ts";
import type { StartOptions } from "../lifecycle.ts";
import { openProgress, silentProgress, type Progress } from "../progress.ts";
import type { CommandContext, CommandResult } from "./command.ts";
import type { ConnectOptions } from "./commands/access.ts";

/** Exit codes: 0 success, 1 refused or failed, 2 usage error. */
const failed = 1;
const misused = 2;

interface CommonOptions {
  readonly dir?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

// A run continues to its end even if its progress is no longer read. Without this, Pulumi's SDK would treat each line
// that cannot be written as an error of the program, and log it.
process.stderr.on("error", () => undefined);
process.stdout.on("error", ({ message }) => {
  process.stderr.write(`error: Cannot write the result: ${message}.\n`);
  process.exitCode = failed;
});

/** Runs one command, shows its result and sets the exit code. */
async function run(
  options: CommonOptions,
  command: (context: CommandContext) => Promise<CommandResult>,
): Promise<void> {
  // The files of the command and the engine contain secrets: only their owner may read them.
  process.umask(0o077);
  const progress: Progress = options.quiet === true ? silentProgress : await openProgress();
  const { sandboxDirectory } = await import("../directory.ts");
  try {
    const result = await command({ directory: sandboxDirectory(options.dir ?? ".sandbox"), progress });
    process.stdout.write(`${options.json === true ? JSON.stringify(result.json, null, 2) : result.text}\n`);
    process.exitCode = result.refused === true ? failed : 0;
  } catch (error) {
    process.stderr.write(`error: ${messageOf(error)}\n`);
    if (!(error instanceof Failure) && process.env.SANDBOX_DEBUG !== undefined) console.error(error);
    process.exitCode = failed;
  }
}

function wholeNumber(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < lowest || value > highest) {
      throw new InvalidArgumentError(`Must be a whole number from ${lowest} to ${highest}.`);
    }
    return value;
  };
}

const port = wholeNumber(1, 65_535);
const minutesOfRequest = wholeNumber(1, 1440);
const minutesOfSession = wholeNumber(1, longestSession);

function withCommon(command: Command): Command {
  return command
    .option("--dir <dir>", "folder of the sandbox (default: .sandbox)")
    .option("--quiet", "no progress on stderr");
}

function subcommand(parent: Command, name: string, description: string, examples: readonly string[]): Command {
  return withCommon(parent.command(name).description(description).allowExcessArguments(false))
    .option("--json", "print the result as one JSON document")
    .addHelpText("after", `\nExamples:\n${examples.map((line) => `  npm run -s sandbox -- ${line}`).join("\n")}\n`);
}

function withStackOptions(command: Command): Command {
  return command.option("--config-file <file>", "stack config to use (default: the committed Pulumi.sandbox.yaml)");
}

interface PolicyOptions {
  readonly policyPack?: string[];
  readonly policyPackConfig?: string[];
}

function withPolicyOptions(command: Command): Command {
  return command
    .option("--policy-pack <folder...>", "policy pack that the deployment must comply with")
    .option("--policy-pack-config <file...>", "config of each policy pack, as a JSON file");
}

/** Returns absolute paths, because the engine runs in the project's folder. */
function policiesIn({ policyPack = [], policyPackConfig = [] }: PolicyOptions) {
  return {
    policyPacks: policyPack.map((folder) => resolve(folder)),
    policyPackConfigs: policyPackConfig.map((file) => resolve(file)),
  };
}

const program = withCommon(new Command("sandbox"))
  .description(
    "A local Azure for this project: the real Pulumi engine, a local control plane and a real blob server.\n" +
      "Without a command, it runs the whole demonstration and deletes everything again.",
  )
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : misused);
  })
  .showHelpAfterError("Add --help for the options and for examples.")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run sandbox\n  npm run -s sandbox -- start --json\n  npm run -s sandbox -- up --json\n",
  )
  .action(async (options: CommonOptions, command: Command) => {
    const [unknown] = command.args;
    if (unknown !== undefined) command.error(`error: unknown command '${unknown}'`);
    await run(options, async (context) => (await import("../scenario.ts")).demonstrate(context));
  })
  .allowExcessArguments();

subcommand(program, "start", "Start the sandbox in the background; returns when it is ready.", [
  "start",
  "start --dir ../second-sandbox --arm-port 8443 --json",
])
  .option("--arm-port <port>", "port of the control plane (default: the previous one, or a free one)", port)
  .option("--blob-port <port>", "port of the blob server (default: the previous one, or a free one)", port)
  .option("--bridge-port <port>", "port of the provider bridge (default: the previous one, or a free one)", port)
  .action(async (_: unknown, command: Command) => {
    const options = command.optsWithGlobals<CommonOptions & StartOptions>();
    await run(options, async (context) => (await import("./commands/lifecycle.ts")).start(context, options));
  });

subcommand(program, "stop", "Stop the sandbox; its state stays in its folder.", [
  "stop",
  "stop --dir ../second-sandbox",
]).action(async (_: unknown, command: Command) => {
  await run(command.optsWithGlobals(), async (context) => (await import("./commands/lifecycle.ts")).stop(context));
});

subcommand(program, "status", "Show what is running, the stack's outputs and what the last run changed.", [
  "status",
  "status --json",
])
  .option("--show-secrets", "show secret outputs")
  .action(async (_: unknown, command: Command) => {
    const options = command.optsWithGlobals<CommonOptions & { showSecrets?: boolean }>();
    await run(options, async (context) => (await import("./commands/lifecycle.ts")).status(context, options));
  });

withPolicyOptions(
  withStackOptions(
    subcommand(program, "up", "Deploy this project's program to the sandbox with the real engine.", [
      "up",
      "up --config-file my.yaml --json",
    ]),
  ),
)
  .option("--show-secrets", "show secret outputs")
  .action(async (_: unknown, command: Command) => {
    const options = command.optsWithGlobals<
      CommonOptions & PolicyOptions & { configFile?: string; showSecrets?: boolean }
    >();
    const { up } = await import("./commands/deploy.ts");
    await run(options, (context) => up(context, { ...options, ...policiesIn(options) }));
  });

withPolicyOptions(
  withStackOptions(
    subcommand(program, "preview", "Show what `up` would change: each resource with its values.", [
      "preview",
      "preview --config-file my.yaml --json",
      "preview --policy-pack policies",
    ]),
  ),
).action(async (_: unknown, command: Command) => {
  const options = command.optsWithGlobals<CommonOptions & PolicyOptions & { configFile?: string }>();
  const { preview } = await import("./commands/deploy.ts");
  await run(options, (context) => preview(context, { ...options, ...policiesIn(options) }));
});

for (const [name, description] of [
  ["refresh", "Update the stack's state to match what exists."],
  ["destroy", "Delete everything the stack deployed."],
] as const) {
  withStackOptions(subcommand(program, name, description, [name, `${name} --json`])).action(
    async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { configFile?: string }>();
      await run(options, async (context) => (await import("./commands/deploy.ts")).change(context, name, options));
    },
  );
}

subcommand(program, "login", "Sign the Azure CLI in to the sandbox; your own settings stay unchanged.", [
  "login",
]).action(async (_: unknown, command: Command) => {
  await run(command.optsWithGlobals(), async (context) => (await import("./commands/login.ts")).login(context));
});

subcommand(program, "request", "Request JIT access to a VM, as a user, from the Bastion subnet.", [
  'request --vm web --user ada@example.com --minutes 60 --reason "INC-4711"',
])
  .requiredOption("--vm <name>", "name of the VM as in the config, of the Azure VM, or its ARM id")
  .requiredOption("--user <upn>", "Entra account of the person")
  .requiredOption("--minutes <n>", "how long, in minutes (Azure allows at most a day)", minutesOfRequest)
  .option("--reason <text>", "justification, kept in the activity log")
  .option("--port <port>", "only this port (default: every port of the VM's policy)", port)
  .action(async (_: unknown, command: Command) => {
    const options = command.optsWithGlobals<CommonOptions & AccessRequest>();
    await run(options, async (context) => (await import("./commands/access.ts")).request(context, options));
  });

subcommand(program, "connect", "Connect to a VM through Bastion, as a user or by a shareable link.", [
  "connect --vm web --user ada@example.com",
  "connect --vm desk --user ada@example.com --protocol rdp --wrong-password --json",
  "connect --link https://127.0.0.1:8443/api/shareable-url/TOKEN",
])
  .option("--vm <name>", "name of the VM as in the config, of the Azure VM, or its ARM id")
  .option("--user <upn>", "Entra account of the person")
  .option("--link <url>", "shareable link of the Bastion host, instead of --vm and --user")
  .option("--account <name>", "account on the VM (default: its administrator)")
  .addOption(
    new Option("--protocol <protocol>", "default: ssh for Linux, rdp for Windows").choices(["ssh", "rdp"] as const),
  )
  .option("--minutes <n>", "how long the session stays open, in minutes (default: 60)", minutesOfSession)
  .option("--wrong-password", "fail to log in")
  .action(async (_: unknown, command: Command) => {
    const options = command.optsWithGlobals<CommonOptions & ConnectOptions>();
    const { vm, user, link } = options;
    if (link === undefined ? vm === undefined || user === undefined : vm !== undefined || user !== undefined) {
      command.error("error: Pass --vm and --user, or --link.");
    }
    await run(options, async (context) => (await import("./commands/access.ts")).connect(context, options));
  });

subcommand(program, "clock", "Show the sandbox clock, or move it forward.", [
  "clock",
  "clock +2h",
  "clock +1h30m --json",
])
  .argument("[by]", "how far to move it, e.g. +2h, +90m, +1d12h, +30s")
  .action(async (by: string | undefined, _: unknown, command: Command) => {
    const { clock, parseStep } = await import("./commands/clock.ts");
    const step = by === undefined ? undefined : parseStep(by);
    if (step === "invalid") {
      command.error(`error: '${by ?? ""}' is not a step of the clock. Use a step such as +2h, +90m, +1d12h or +30s.`);
    }
    await run(command.optsWithGlobals(), (context) => clock(context, step));
  });

await program.parseAsync();
