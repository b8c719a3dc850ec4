import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { Environment, Io } from "../../cli/io.ts";

/** What a command may touch, without a process. */
export interface FakeIo extends Io {
  /** What was written so far. */
  readonly written: { stdout: string; stderr: string };
  /** Ctrl+C. */
  readonly interrupt: () => void;
}

export interface FakeOptions {
  /** A terminal of this width; without it, stdout is a pipe. */
  readonly columns?: number;
  readonly colour?: boolean;
  readonly now?: string;
  readonly env?: Environment;
  readonly cwd?: string;
  /** What a person types. */
  readonly answer?: string;
}

export function fakeIo({ columns, colour = false, now, env = {}, cwd = "/", answer }: FakeOptions = {}): FakeIo {
  const written = { stdout: "", stderr: "" };
  const controller = new AbortController();
  const collect = (name: keyof typeof written) =>
    new PassThrough().on("data", (chunk: Buffer) => (written[name] += chunk.toString("utf8")));
  const stdin = new PassThrough();
  stdin.end(answer === undefined ? "" : `${answer}\n`);
  return {
    stdin,
    stdout: collect("stdout"),
    stderr: collect("stderr"),
    isTty: { stdin: answer !== undefined, stdout: columns !== undefined, stderr: false },
    columns,
    colour,
    now: () => new Date(now ?? "2026-05-04T12:00:00Z"),
    env: { BASTION_TRAIL_CACHE: cache(), ...env },
    cwd,
    signal: controller.signal,
    written,
    interrupt: () => {
      controller.abort();
    },
  };
}

/** One for all tests of the process, so that none writes to the cache of whoever runs them. */
const cache = once(() => {
  const folder = mkdtempSync(join(tmpdir(), "bastion-trail-test-"));
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
});

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
