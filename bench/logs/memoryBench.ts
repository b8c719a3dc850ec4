/** Measures the memory of `bastion-trail logs` for a big archive and a small one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Readable } from "node:stream";
import { megabytes, type Comparison } from "../report.ts";
import type { WrittenArchive } from "./auditArchive.ts";

const bar = 1.2;
const repository = join(import.meta.dirname, "../..");

/** Runs the whole program as a user does: prints every session of a folder as JSON. */
export async function comparePeakMemory(
  small: WrittenArchive,
  big: WrittenArchive,
  say: (text: string) => void,
): Promise<Comparison> {
  const [theirs, ours] = [await peakMemory(small, say), await peakMemory(big, say)];
  return {
    subject: `peak memory of logs --json, ${megabytes(big.bytes)}`,
    ours: megabytes(ours),
    against: megabytes(small.bytes),
    theirs: megabytes(theirs),
    ratio: ours / theirs,
    bar,
  };
}

/** @returns the largest resident set, in bytes. */
async function peakMemory({ folder, bytes }: WrittenArchive, say: (text: string) => void): Promise<number> {
  say(`peak memory, ${megabytes(bytes)}`);
  const hook = pathToFileURL(join(import.meta.dirname, "reportMemory.js")).href;
  const program = join(repository, "cli/bin/bastion-trail.js");
  const words = ["logs", "--source", folder, "--strict", "--json"];
  const child = spawn(process.execPath, ["--import", hook, program, ...words], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  let reported = "";
  (child.stdio[3] as Readable).setEncoding("utf8").on("data", (chunk: string) => (reported += chunk));
  const [exitCode] = (await once(child, "close")) as [number | null];
  if (exitCode !== 0) {
    throw new Error(`bastion-trail ${words.join(" ")} ended with exit code ${String(exitCode)}.`);
  }
  return Number(reported);
}
