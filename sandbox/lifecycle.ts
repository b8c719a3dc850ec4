import { fork } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { call, callOrFail } from "./adminClient.ts";
import type { JsonObject } from "./arm/json.ts";
import { readDescription, type SandboxDescription, type SandboxDirectory } from "./directory.ts";
import { tryLock } from "./exclusiveLock.ts";
import { Failure, messageOf } from "./failure.ts";

export interface StartOptions {
  readonly armPort?: number | undefined;
  readonly blobPort?: number | undefined;
  readonly bridgePort?: number | undefined;
}

/** A message from the daemon to the command that started it. */
export type DaemonMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "alreadyRunning" }
  | { readonly kind: "failed"; readonly reason: string };

/** Milliseconds that a sandbox may take to start or stop. */
const patience = 60_000;

/**
 * Starts the sandbox of a folder in the background, or finds it running.
 * @returns its description, once it responds.
 * @throws `Failure` if it does not become ready; the log file contains the reason.
 */
export async function startSandbox(
  directory: SandboxDirectory,
  options: StartOptions = {},
): Promise<{ description: SandboxDescription; started: boolean }> {
  const running = await runningSandbox(directory);
  if (running !== undefined) return { description: running, started: false };
  const message = await launch(directory, options);
  if (message.kind === "failed") {
    throw new Failure(
      `The sandbox in ${directory.root} did not start: ${message.reason} Its log is ${directory.logFile}.`,
    );
  }
  // If another start won the race for the folder, wait for its sandbox.
  const description = await waitFor(() => runningSandbox(directory));
  if (description === undefined) throw doesNotAnswer(directory);
  return { description, started: message.kind === "ready" };
}

function launch(directory: SandboxDirectory, options: StartOptions): Promise<DaemonMessage> {
  const log = openLog(directory);
  const child = fork(
    join(import.meta.dirname, "daemonMain.ts"),
    [JSON.stringify({ root: directory.root, ...options })],
    {
      detached: true,
      stdio: ["ignore", log, log, "ipc"],
    },
  );
  closeSync(log);
  return new Promise((resolve) => {
    const finish = (message: DaemonMessage) => {
      clearTimeout(timer);
      if (child.connected) child.disconnect();
      child.unref();
      resolve(message);
    };
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      finish({ kind: "failed", reason: `It was not ready after ${patience / 1000} s.` });
    }, patience);
    let failure: DaemonMessage | undefined;
    child.once("message", (message) => {
      const said = message as DaemonMessage;
      // It holds the folder until its process has ended.
      if (said.kind === "failed") failure = said;
      else finish(said);
    });
    child.once("error", (error) => {
      finish({ kind: "failed", reason: `${error.message}.` });
    });
    child.once("exit", (code) => {
      finish(failure ?? { kind: "failed", reason: `Its process ended with exit code ${code ?? "none"}.` });
    });
  });
}

/** Creates the folder of a sandbox, and opens its log. @throws Failure if the folder cannot be used. */
function openLog({ root, logFile }: SandboxDirectory): number {
  try {
    mkdirSync(root, { recursive: true });
    return openSync(logFile, "a", 0o600);
  } catch (error) {
    throw new Failure(`The folder ${root} cannot be used: ${messageOf(error)}.`, { cause: error });
  }
}

function doesNotAnswer(directory: SandboxDirectory): Failure {
  const { root, descriptionFile, logFile } = directory;
  const reason =
    readDescription(directory) === undefined ? `: ${descriptionFile}, which says where, is missing or damaged` : "";
  return new Failure(
    `The sandbox in ${root} does not answer${reason}. Run \`npm run sandbox -- stop\` and start it again. Its log is ${logFile}.`,
  );
}

/** Returns the sandbox of the folder, if one is running and responds. */
export async function runningSandbox(directory: SandboxDirectory): Promise<SandboxDescription | undefined> {
  const description = readDescription(directory);
  if (description === undefined || !isHeld(directory)) return undefined;
  try {
    const answer = await call(description, "GET", "/sandbox/status", { timeout: 10_000 });
    return answer.body.root === directory.root ? description : undefined;
  } catch {
    return undefined;
  }
}

/** @throws `Failure` that explains how to start one if none is running. */
export async function requireRunning(directory: SandboxDirectory): Promise<SandboxDescription> {
  const description = await runningSandbox(directory);
  if (description === undefined) {
    if (isHeld(directory)) throw doesNotAnswer(directory);
    throw new Failure(`No sandbox is running in ${directory.root}. Start one with: npm run sandbox -- start`);
  }
  return description;
}

/** Returns the status reported by the running sandbox. */
export function sandboxStatus(description: SandboxDescription): Promise<JsonObject> {
  return callOrFail(description, "GET", "/sandbox/status");
}

/**
 * Stops the sandbox of a folder; returns when its process has ended.
 * @returns whether one was running.
 */
export async function stopSandbox(directory: SandboxDirectory): Promise<boolean> {
  if (!isHeld(directory)) return false;
  const pid = pidOf(directory);
  const description = await runningSandbox(directory);
  if (description === undefined) {
    // It holds its lock but does not respond.
    sendSignal(pid, "SIGTERM");
  } else {
    await callOrFail(description, "POST", "/sandbox/stop");
  }
  const release = (limit: number): Promise<true | undefined> =>
    waitFor(() => (isHeld(directory) ? undefined : true), limit);
  let isReleased = await release(15_000);
  if (isReleased === undefined) {
    sendSignal(pid, "SIGKILL");
    isReleased = await release(5000);
  }
  if (isReleased) {
    // It ends a moment after it has released the folder. Where nobody reaps processes, it keeps its id.
    await waitFor(() => (sendSignal(pid, 0) ? undefined : true), 2000);
    return true;
  }
  throw new Failure(`The sandbox in ${directory.root} did not stop. Its log is ${directory.logFile}.`);
}

/** Whether a running daemon holds the folder. */
function isHeld(directory: SandboxDirectory): boolean {
  if (!existsSync(directory.daemonLock)) return false;
  const lock = tryLock(directory.daemonLock);
  lock?.release();
  return lock === undefined;
}

/**
 * Returns the id of the daemon's process; `undefined` if there is none. Call only while the folder is held: the pid file then names
 * the holder, never a process that got its id later.
 */
function pidOf(directory: SandboxDirectory): number | undefined {
  try {
    return Number(readFileSync(directory.pidFile, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}

/** Sends a signal to a process, 0 for none. @returns whether there is such a process. */
function sendSignal(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  try {
    return pid !== undefined && process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function waitFor<T>(
  attempt: () => T | undefined | Promise<T | undefined>,
  limit = patience,
): Promise<T | undefined> {
  const end = Date.now() + limit;
  for (;;) {
    const result = await attempt();
    if (result !== undefined || Date.now() > end) return result;
    await delay(50);
  }
}
