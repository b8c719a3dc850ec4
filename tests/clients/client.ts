import { execFile } from "node:child_process";
import type { Json } from "../../sandbox/arm/json.ts";

/** What a client should end with: its JSON, or Azure's refusal. */
export type Expected = Json | Refusal | typeof nothing;

/** One row of a table of commands: what is run, and exactly what comes of it. `$NAME` stands for a value of the deployment. */
export type Row = readonly [command: string, expected: Expected];

/** A command that succeeds and prints nothing. */
export const nothing = Symbol("nothing");

export interface Refusal {
  /** Without a code where the client refuses by itself what it is asked for. */
  readonly refused: { readonly code?: string; readonly message: string };
}

export function refused(code: string, message: string): Refusal {
  return { refused: { code, message } };
}

/** What the client itself refuses, in its own words. */
export function refusedByClient(message: string): Refusal {
  return { refused: { message } };
}

/** Values of the deployment under test, by name. */
export type Values = Readonly<Record<string, string>>;

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a line of shell. */
export function runShell(line: string, environment: Values): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...environment }, maxBuffer: 64 * 1024 * 1024 };
    execFile("sh", ["-c", line], options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ exitCode, stdout, stderr });
    });
  });
}

/** Puts the values of the deployment in the place of their names, everywhere in an expected result. */
export function resolved<T>(expected: T, values: Values): T {
  if (typeof expected === "string") {
    return expected.replaceAll(/\$([A-Z_]+)/g, (whole, name: string) => values[name] ?? whole) as T;
  }
  if (Array.isArray(expected)) return expected.map((item: unknown) => resolved(item, values)) as T;
  if (typeof expected !== "object" || expected === null) return expected;
  return Object.fromEntries(
    Object.entries(expected).map(([key, item]) => [key, resolved(item as unknown, values)]),
  ) as T;
}

/** A row as the report shows it. */
export function titleOf(command: string, expected: Expected): string {
  const result =
    expected === nothing
      ? "nothing"
      : isRefusal(expected)
        ? `refused: ${expected.refused.code ?? expected.refused.message}`
        : JSON.stringify(expected);
  const shown = result.length > 100 ? `${result.slice(0, 99)}…` : result;
  return `${command}  →  ${shown}`;
}

export function isRefusal(expected: Expected): expected is Refusal {
  return typeof expected === "object" && expected !== null && "refused" in expected;
}
