/** The Azure CLI, which is handed the terminal. */
import { constants } from "node:os";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import spawn from "cross-spawn";
import type { Environment, Io } from "../io.ts";

/** Milliseconds that the Azure CLI has for ending by itself once the command is stopped: Ctrl+C reaches it too. */
const patience = 2000;

/** Where the Azure CLI is; `undefined` when it is not on PATH. */
export function findAz(env: Environment, platform: NodeJS.Platform = process.platform): string | undefined {
  const folders = (env.PATH ?? env.Path ?? "").split(delimiter).filter((folder) => folder !== "");
  const names = platform === "win32" ? ["az.cmd", "az.exe"] : ["az"];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file));
}

/**
 * Runs it with this process's own terminal.
 * @returns its exit code; 128 and the signal's number when a signal ended it, as shells say it.
 */
export function runAz(file: string, args: readonly string[], io: Io): Promise<number> {
  return new Promise((resolve, reject) => {
    // On Windows `az` is a batch file, which Node alone does not start.
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
