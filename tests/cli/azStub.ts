/**
 * A program `az` that takes what the Azure CLI and its extensions document, and nothing else. They are on no registry of
 * npm, so tests start this instead. Sources: azure-cli-extensions, src/bastion (_params.py, custom.py, HISTORY.rst);
 * azure-cli, `get_az_version_json`; azure-cli-core, _profile.py.
 */
import { appendFileSync, chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

export interface AzOptions {
  /** Exit code of the commands that connect. Default: 0. */
  readonly exitCode?: number;
  /** Versions of the installed extensions. Default: both, recent ones. */
  readonly extensions?: Readonly<Record<string, string>>;
  /** The subscriptions that somebody is signed in to. Default: any. */
  readonly subscriptions?: readonly string[];
}

/** An `az` in a folder for PATH. */
export class AzStub {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  install(options: AzOptions = {}): void {
    const { exitCode = 0, extensions = { bastion: "1.4.0", ssh: "2.0.6" }, subscriptions } = options;
    const file = join(this.#folder, "az");
    const call = JSON.stringify({ exitCode, extensions, subscriptions, log: this.#log });
    writeFileSync(
      file,
      `#!${process.execPath}\nimport(${JSON.stringify(import.meta.url)}).then(({ main }) => main(process.argv.slice(2), ${call}));\n`,
    );
    chmodSync(file, 0o755);
  }

  remove(): void {
    rmSync(join(this.#folder, "az"), { force: true });
  }

  /** The arguments of each call that connects, since the last time. */
  calls(): string[][] {
    const lines = existsSync(this.#log) ? readFileSync(this.#log, "utf8").trimEnd().split("\n") : [];
    rmSync(this.#log, { force: true });
    return lines.map((line) => JSON.parse(line) as string[]);
  }

  get #log(): string {
    return join(this.#folder, "az-calls.ndjson");
  }
}

interface Call extends AzOptions {
  readonly exitCode: number;
  readonly extensions: Readonly<Record<string, string>>;
  readonly log: string;
}

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
/** Arguments of every command. */
const globals = {
  output: { ...text, short: "o" },
  query: text,
  subscription: text,
  debug: flag,
  verbose: flag,
  "only-show-errors": flag,
};
const host = {
  name: { ...text, short: "n" },
  "resource-group": { ...text, short: "g" },
  "target-resource-id": text,
  "target-ip-address": text,
  "resource-port": text,
};
const commands = {
  ssh: {
    options: { ...host, "auth-type": text, username: text, "ssh-key": text },
    required: ["name", "resource-group", "auth-type"],
  },
  rdp: {
    options: { ...host, "auth-type": text, configure: flag, "disable-gateway": text, "enable-mfa": text },
    required: ["name", "resource-group"],
  },
  tunnel: {
    options: { ...host, port: text, timeout: text },
    required: ["name", "resource-group", "resource-port", "port"],
  },
} as const;

/** Run by the program. */
export function main(args: readonly string[], { exitCode, extensions, subscriptions, log }: Call): void {
  const [group, family, command] = args;
  if (group === "version") {
    parse(args.slice(1), globals, []);
    process.stdout.write(`${JSON.stringify({ "azure-cli": "2.91.0", "azure-cli-core": "2.91.0", extensions })}\n`);
    return;
  }
  if (group === "account" && family === "show") {
    showAccount(String(parse(args.slice(2), globals, []).values.subscription), subscriptions);
    return;
  }
  if (group !== "network" || family !== "bastion" || extensions.bastion === undefined) {
    fail(`'${args.slice(0, 2).join(" ")}' is misspelled or not recognized by the system.`);
  }
  if (command !== "ssh" && command !== "rdp" && command !== "tunnel") {
    fail(`'${command ?? ""}' is misspelled or not recognized by the system.`);
  }
  if (command === "ssh" && extensions.ssh === undefined) {
    process.stderr.write("ERROR: The extension ssh is not installed.\n");
    process.exit(1);
  }
  const { options, required } = commands[command];
  const { values, positionals } = parse(args.slice(3), { ...globals, ...options }, required);
  if (positionals.length > 0 && (command !== "ssh" || !/^1\.[1-9]/.test(extensions.bastion))) {
    fail(`unrecognized arguments: ${positionals.join(" ")}`);
  }
  if (!/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/.+/i.test(String(values["target-resource-id"]))) {
    fail("Please enter a valid resource ID.");
  }
  checkLogin(command, values);
  appendFileSync(log, `${JSON.stringify(args)}\n`);
  process.exit(exitCode);
}

/** azure-cli-core, _profile.py, `get_subscription`. */
function showAccount(id: string, subscriptions: readonly string[] | undefined): void {
  if (subscriptions?.length === 0) {
    process.stderr.write("ERROR: Please run 'az login' to setup account.\n");
    process.exit(1);
  }
  if (subscriptions?.includes(id) === false) {
    process.stderr.write(`ERROR: Subscription '${id}' not found. Check the spelling and casing and try again.\n`);
    process.exit(1);
  }
  process.stdout.write(`${JSON.stringify({ id, isDefault: true, state: "Enabled" })}\n`);
}

function checkLogin(command: string, values: Readonly<Record<string, unknown>>): void {
  const login = String(values["auth-type"]).toLowerCase();
  if (command === "ssh" && !["password", "aad", "ssh-key"].includes(login)) {
    fail("Unknown auth type. Use one of password, aad or ssh-key.");
  }
  if (command === "ssh" && login !== "aad" && values.username === undefined) {
    fail("Please enter username with --username.");
  }
  if (command === "ssh" && login === "ssh-key" && values["ssh-key"] === undefined) {
    fail("Please enter username --username and ssh cert location --ssh-key.");
  }
}

function parse(
  args: readonly string[],
  options: NonNullable<Parameters<typeof parseArgs>[0]>["options"],
  required: readonly string[],
) {
  try {
    const parsed = parseArgs({ args: [...args], options: options ?? {}, allowPositionals: true, strict: true });
    const missing = required.filter((name) => parsed.values[name] === undefined);
    if (missing.length > 0) {
      fail(`the following arguments are required: ${missing.map((name) => `--${name}`).join(", ")}`);
    }
    const words = args.includes("--") ? args.slice(args.indexOf("--") + 1) : [];
    if (parsed.positionals.length > words.length) {
      fail(`unrecognized arguments: ${parsed.positionals.join(" ")}`);
    }
    return parsed;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/** As argparse ends. */
function fail(message: string): never {
  process.stderr.write(`ERROR: ${message}\n`);
  process.exit(2);
}
