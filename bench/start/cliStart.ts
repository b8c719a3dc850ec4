import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Comparison, duration } from "../report.ts";
import { inRounds } from "../runProcess.ts";
import { median, pairedRatio } from "../statistics.ts";

/** Milliseconds that `bastion-trail --help` may take from its start to its end. */
const limit = 150;
const rounds = 15;

/** `bastion-trail --help`, beside what is the least that any program in Node takes. */
export async function compareCliStart(repository: string, say: (text: string) => void): Promise<Comparison[]> {
  const { help, nothing } = await inRounds(
    {
      help: () => time([join(repository, "bin/bastion-trail.js"), "--help"]),
      nothing: () => time(["-e", "0"]),
    },
    {
      rounds,
      warmUp: true,
      onRun: (name, round) => {
        if (name === "help" && round === 1) say(`bastion-trail --help, ${rounds} times`);
      },
    },
  );
  const subject = "bastion-trail --help, wall";
  const ours = duration(median(help));
  return [
    { subject, ours, against: "the limit", theirs: duration(limit), ratio: median(help) / limit, bar: 1 },
    { subject, ours, against: "node -e 0", theirs: duration(median(nothing)), ratio: pairedRatio(help, nothing) },
  ];
}

/** @returns milliseconds from starting the process until it has ended. */
function time(words: readonly string[]): Promise<number> {
  const begin = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"] });
  const milliseconds = performance.now() - begin;
  if (status !== 0) {
    throw new Error(`node ${words.join(" ")} ended with exit code ${String(status)}: ${stderr.toString("utf8")}`);
  }
  return Promise.resolve(milliseconds);
}
