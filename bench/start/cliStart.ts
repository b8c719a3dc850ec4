import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rememberNames } from "bastion-trail/seenNames";
import { type Comparison, duration } from "../report.ts";
import { inRounds } from "../runProcess.ts";
import { median, pairedRatio } from "../statistics.ts";

/** Limit in milliseconds for `bastion-trail --help`, from start to end of the process. */
const helpLimit = 150;
/** The same limit for shell completion, which runs on every Tab. */
const completionLimit = 300;
const rounds = 15;
const vms = 1000;

/** Measures `bastion-trail --help` and completion, compared with the minimum of any program in Node. */
export async function compareCliStart(repository: string, say: (text: string) => void): Promise<Comparison[]> {
  const folder = mkdtempSync(join(tmpdir(), "completion-"));
  try {
    const env = { ...process.env, BASTION_TRAIL_CACHE: folder, BASTION_TRAIL_OUTPUTS: join(folder, "none.json") };
    const names = Array.from({ length: vms }, (_, index) => ({ name: `vm-${index}`, hint: "" }));
    await rememberNames("vm", names, {}, { env, cwd: folder, now: () => new Date() });
    const bin = join(repository, "cli/bin/bastion-trail.js");
    const { help, completion, nothing } = await inRounds(
      {
        help: () => time([bin, "--help"], env),
        completion: () => time([bin, "complete", "--", "connect", ""], env),
        nothing: () => time(["-e", "0"], env),
      },
      {
        rounds,
        warmUp: true,
        onRun: (name, round) => {
          if (name === "help" && round === 1) say(`bastion-trail --help and completion, ${rounds} times`);
        },
      },
    );
    return [
      ...compared("bastion-trail --help, wall", help, helpLimit, nothing),
      ...compared(`completion of ${vms} VMs, wall`, completion, completionLimit, nothing),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compared(subject: string, times: readonly number[], limit: number, nothing: readonly number[]): Comparison[] {
  const ours = duration(median(times));
  return [
    { subject, ours, against: "the limit", theirs: duration(limit), ratio: median(times) / limit, bar: 1 },
    { subject, ours, against: "node -e 0", theirs: duration(median(nothing)), ratio: pairedRatio(times, nothing) },
  ];
}

/** @returns milliseconds from the start to the end of the process. */
function time(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const begin = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { env, stdio: ["ignore", "ignore", "pipe"] });
  const milliseconds = performance.now() - begin;
  if (status !== 0) {
    throw new Error(`node ${words.join(" ")} ended with exit code ${String(status)}: ${stderr.toString("utf8")}`);
  }
  return Promise.resolve(milliseconds);
}
