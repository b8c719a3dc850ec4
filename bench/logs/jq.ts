import { execFile, spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { once } from "node:events";
import { promisify } from "node:util";

/**
 * The same fold as in `parseProcess`, as one would write it for jq: only the facts are kept. A `reduce` into one object would be
 * shorter, and copies all sessions for each record (jq 1.6).
 */
const fold = `[inputs | {time, tunnel: .properties.tunnelId, end: .properties.sessionEndTime, message: .properties.message}]
  | group_by(.tunnel) | map({start: (map(.time) | min), end: (map(.end) | max), message: .[0].message, records: length}) | length`;

/** Four facts of each record as text, without a fold: the least that jq can be asked for. */
const list = "[.properties.tunnelId, .time, .properties.sessionEndTime, .properties.message] | @tsv";

/** @returns jq's version, or `undefined` where there is none on the PATH. */
export async function jqVersion(): Promise<string | undefined> {
  try {
    return (await promisify(execFile)("jq", ["--version"])).stdout.trim();
  } catch {
    return undefined;
  }
}

/** Folds files with jq. @returns milliseconds, and the number of sessions. */
export async function foldWithJq(files: readonly string[]): Promise<{ milliseconds: number; sessions: number }> {
  const { milliseconds, last } = await run(["-n", fold], files);
  return { milliseconds, sessions: Number(last) };
}

/** Lists the records of files with jq. @returns milliseconds. */
export async function listWithJq(files: readonly string[]): Promise<number> {
  return (await run(["-r", list], files)).milliseconds;
}

async function run(
  words: readonly string[],
  files: readonly string[],
): Promise<{ milliseconds: number; last: string }> {
  const begin = performance.now();
  const jq = spawn("jq", words, { stdio: ["pipe", "pipe", "inherit"] });
  let last = "";
  jq.stdout.setEncoding("utf8").on("data", (chunk: string) => (last = chunk));
  const closed = once(jq, "close") as Promise<[number | null]>;
  for (const file of files) {
    for await (const chunk of createReadStream(file)) {
      if (!jq.stdin.write(chunk)) {
        await once(jq.stdin, "drain");
      }
    }
  }
  jq.stdin.end();
  const [exitCode] = await closed;
  if (exitCode !== 0) {
    throw new Error(`jq ended with exit code ${String(exitCode)}.`);
  }
  return { milliseconds: performance.now() - begin, last };
}
