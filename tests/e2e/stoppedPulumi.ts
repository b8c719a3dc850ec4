/** A program `pulumi` that runs Pulumi's own, and kills it and whoever called it at a moment that the environment names. */
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

/** A moment in a call. */
export interface Stop {
  /** How its arguments begin: `up`, `stack import`. */
  readonly call: string;
  /** The start of the backend's URL. Default: any backend. */
  readonly backend?: string;
  /** Text of a line of stdout. Default: when the call has ended. */
  readonly line?: string;
  /** How many such lines there must be. Default: 1. */
  readonly times?: number;
}

/** Makes the program. @returns the folder for PATH. */
export function installStoppedPulumi(folder: string, pulumi: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "pulumi");
  const start = `import(${JSON.stringify(import.meta.url)}).then(({ main }) => main(${JSON.stringify(pulumi)}));`;
  writeFileSync(file, `#!${process.execPath}\n${start}\n`);
  chmodSync(file, 0o755);
  return folder;
}

/** The call that was killed last. @param folder that of the program. */
export function lastStop(folder: string): string {
  return readFileSync(stopFile(folder), "utf8");
}

function stopFile(folder: string): string {
  return join(folder, "stopped");
}

/** The environment that makes it stop at the first of these moments. */
export function stopAt(...stops: readonly Stop[]): Record<string, string> {
  return { PULUMI_STOP_AT: JSON.stringify(stops) };
}

/** Run by the program. */
export function main(pulumi: string): void {
  const args = process.argv.slice(2);
  const { PULUMI_STOP_AT = "[]", PULUMI_BACKEND_URL = "" } = process.env;
  const stops = (JSON.parse(PULUMI_STOP_AT) as Stop[]).filter(
    ({ call, backend = "" }) => args.join(" ").startsWith(call) && PULUMI_BACKEND_URL.startsWith(backend),
  );
  const child = spawn(pulumi, args, { stdio: ["inherit", "pipe", "inherit"] });
  const kill = (call: string): void => {
    child.kill("SIGKILL");
    writeFileSync(stopFile(dirname(process.argv[1] ?? "")), call);
    process.kill(process.ppid, "SIGKILL");
    process.exit(1);
  };
  for (const { call, line, times = 1 } of stops) {
    let seen = 0;
    createInterface({ input: child.stdout }).on("line", (text) => {
      if (line !== undefined && text.includes(line) && (seen += 1) === times) kill(call);
    });
  }
  child.stdout.pipe(process.stdout);
  child.once("close", (code) => {
    const stop = stops.find(({ line }) => line === undefined);
    if (stop !== undefined) kill(stop.call);
    process.exitCode = code ?? 1;
  });
}
