/** The Azure CLI, which contains Bastion's native client and takes over the terminal. */
import { accessSync, constants as fileConstants, statSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import spawn from "cross-spawn";
import * as v from "valibot";
import { UserError } from "../../errors.ts";
import type { Environment, Io } from "../../io.ts";
import { jsonValue } from "../../jsonValue.ts";

export interface AzureCli {
  /** Path of the program. */
  readonly file: string;
  /** Versions of the installed extensions by name. */
  readonly extensions: Readonly<Record<string, string>>;
  /** Why it cannot be used in the subscription, if so. */
  readonly signIn: UserError | undefined;
}

/** An extension of the Azure CLI with its minimum version. */
export interface Extension {
  readonly name: string;
  readonly version: string;
}

/** Milliseconds that the Azure CLI has to end by itself after the command is stopped, because Ctrl+C reaches it too. */
const patience = 2000;

/** Output of `az version` (azure-cli, `get_az_version_json`). */
const versions = v.object({ extensions: v.record(v.string(), v.string()) });

/**
 * @param subscriptionId subscription to use it in.
 * @throws `UserError` if the Azure CLI is missing or does not run.
 */
export async function findAzureCli(io: Io, subscriptionId: string): Promise<AzureCli> {
  const file = pathOf("az", io.env);
  if (file === undefined) {
    throw new UserError(
      "The Azure CLI (az) is not on PATH.",
      "Install it from https://aka.ms/azure-cli and run `az login`.",
    );
  }
  const [{ stdout, stderr }, account] = await Promise.all([
    output(file, ["version", "--output", "json"], io),
    output(file, ["account", "show", "--subscription", subscriptionId, "--output", "json"], io),
  ]);
  const parsed = v.safeParse(versions, jsonValue(stdout));
  if (!parsed.success) {
    const said = stderr.trim().split("\n").at(-1) ?? "";
    throw new UserError(
      `The Azure CLI (${file}) does not run: \`az version\` did not list its extensions.`,
      said === "" ? "Check the installation." : `It says: ${said.replace(/(?<![.!?])$/, ".")}`,
    );
  }
  return { file, extensions: parsed.output.extensions, signIn: signInProblem(account.stderr, subscriptionId) };
}

/**
 * Recognises sign-in problems by the messages of `az account show` (azure-cli-core, _profile.py). The Azure CLI has its
 * own sign-in, apart from this program.
 */
function signInProblem(stderr: string, subscriptionId: string): UserError | undefined {
  if (stderr.includes("Please run 'az login'")) {
    return new UserError("The Azure CLI is not signed in.", "Run `az login`.");
  }
  return /Subscription '.*' not found/.test(stderr)
    ? new UserError(`The Azure CLI is signed in, but not to the subscription ${subscriptionId}.`, "Run `az login`.")
    : undefined;
}

/** @returns the problem if extensions are missing or too old. */
export function extensionProblem({ extensions }: AzureCli, needed: readonly Extension[]): UserError | undefined {
  const missing = needed.filter(({ name }) => extensions[name] === undefined);
  const old = needed.filter(({ name, version }) => isOlder(extensions[name], version));
  if (missing.length === 0 && old.length === 0) {
    return undefined;
  }
  const problems = [
    ...missing.map(({ name }) => `the extension ${name} is missing`),
    ...old.map(({ name, version }) => `the extension ${name} is older than ${version}`),
  ];
  const commands = [
    ...missing.map(({ name }) => `az extension add --name ${name}`),
    ...old.map(({ name }) => `az extension update --name ${name}`),
  ];
  return new UserError(
    `The Azure CLI cannot connect through Bastion: ${problems.join(", ")}.`,
    `Run \`${commands.join(" && ")}\`.`,
  );
}

/**
 * Runs the Azure CLI in this process's terminal.
 * @returns its exit code; 128 plus the signal's number if a signal ended it, as in shells.
 */
export function runAzureCli({ file }: AzureCli, args: readonly string[], io: Io): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], { stdio: "inherit", env: { ...io.env }, cwd: io.cwd });
    const stop = () => {
      setTimeout(() => child.kill(), patience).unref();
    };
    io.signal.addEventListener("abort", stop, { once: true });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      io.signal.removeEventListener("abort", stop);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** Finds a program on PATH. On Windows `az` is a batch file, which cross-spawn can start, unlike Node. */
function pathOf(program: string, env: Environment): string | undefined {
  const folders = (env.PATH ?? env.Path ?? "").split(delimiter).filter((folder) => folder !== "");
  const names = process.platform === "win32" ? [`${program}.cmd`, `${program}.exe`] : [program];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram);
}

/** As a shell looks for one: it passes over folders, and files that nobody may run. */
function isProgram(file: string): boolean {
  try {
    accessSync(file, fileConstants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

async function output(file: string, args: readonly string[], io: Io): Promise<{ stdout: string; stderr: string }> {
  const child = spawn(file, [...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...io.env }, signal: io.signal });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", (error) => {
      const text = `The Azure CLI (${file}) cannot be started: ${error.message}.`;
      reject(io.signal.aborted ? error : new UserError(text, "Check the installation.", { cause: error }));
    });
  });
  const [stdout, stderr] = await Promise.race([Promise.all([textOf(child.stdout), textOf(child.stderr)]), failed]);
  return { stdout, stderr };
}

function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream === null ? Promise.resolve("") : text(stream);
}

function isOlder(version: string | undefined, least: string): boolean {
  return version !== undefined && version.localeCompare(least, "en", { numeric: true }) < 0;
}
