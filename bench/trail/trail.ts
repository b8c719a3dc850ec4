/**
 * The trail of a year, joined from the evidence store, compared with DuckDB only scanning the JSON of the audit log.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDbOptions } from "../logs/duckdbProcess.ts";
import { duration, megabytes, type Comparison } from "../report.ts";
import { inRounds, measureProcess } from "../runProcess.ts";
import { median, pairedRatio } from "../statistics.ts";
import { writeTrailLogs, type TrailLogs } from "./trailLogs.ts";
import type { TrailFigures, TrailProcessOptions } from "./trailProcess.ts";

const bars = { join: 1, exponent: 1.1, memory: 1 };
/** Limit in milliseconds for a repeated query about one person or VM. */
const barOfQuestion = 500;
/** Memory limit that the CLI sets for DuckDB. The rest of the process uses about as much again. */
const memoryLimitMb = 512;
const budget = 2 * memoryLimitMb * 1e6;
const now = "2026-05-04T00:00:00Z";
const rounds = 3;
const person = "person7@contoso.com";
const vm = "VM-7";

/** @param sessions number of sessions. Growth is measured from a tenth to three times as many. */
export async function compareTrail(sessions: number, say: (text: string) => void): Promise<Comparison[]> {
  const small = await measure(sessions / 10, 1, say);
  const whole = await measure(sessions, rounds, say);
  const large = await measure(sessions * 3, 1, say);
  const exponent =
    Math.log(median(large.joined.map(timeOf)) / median(small.joined.map(timeOf))) /
    Math.log(large.sessions / small.sessions);
  const peak = median(whole.joined.map(({ peakMemory }) => peakMemory));
  const name = `${whole.sessions.toLocaleString("en")} sessions`;
  return [
    {
      subject: `trail of ${name}, CPU time`,
      ours: duration(median(whole.joined.map(workOf))),
      against: "DuckDB: scan of the audit JSON",
      theirs: duration(median(whole.scans.map(workOf))),
      ratio: pairedRatio(whole.joined.map(workOf), whole.scans.map(workOf)),
    },
    {
      subject: `trail of ${name}, wall`,
      ours: duration(median(whole.joined.map(timeOf))),
      against: "DuckDB: scan of the audit JSON",
      theirs: duration(median(whole.scans.map(timeOf))),
      ratio: pairedRatio(whole.joined.map(timeOf), whole.scans.map(timeOf)),
      bar: bars.join,
    },
    {
      subject: `growth of its time, exponent, ${small.sessions.toLocaleString("en")} to ${large.sessions.toLocaleString("en")}`,
      ours: duration(median(large.joined.map(timeOf))),
      against: "of the small one",
      theirs: duration(median(small.joined.map(timeOf))),
      ratio: exponent,
      bar: bars.exponent,
    },
    limited("peak memory", peak, budget, megabytes),
    limited(
      "peak memory of the large one",
      median(large.joined.map(({ peakMemory }) => peakMemory)),
      budget,
      megabytes,
    ),
    limited("the same, of one person", median(whole.person.map(timeOf)), barOfQuestion, duration),
    limited("the same, of one VM", median(whole.vm.map(timeOf)), barOfQuestion, duration),
  ];
}

interface Measured {
  readonly sessions: number;
  readonly joined: readonly TrailFigures[];
  readonly person: readonly TrailFigures[];
  readonly vm: readonly TrailFigures[];
  readonly scans: readonly Times[];
}

type Times = Pick<TrailFigures, "milliseconds" | "cpuMilliseconds">;

const timeOf = ({ milliseconds }: Times): number => milliseconds;
const workOf = ({ cpuMilliseconds }: Times): number => cpuMilliseconds;

async function measure(sessions: number, kept: number, say: (text: string) => void): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), "bastion-trail-bench-"));
  try {
    say(`writing the logs of ${sessions} sessions`);
    const logs = writeTrailLogs(directory, sessions);
    const cacheDir = join(directory, "cache");
    const ask = async (only: Pick<TrailProcessOptions, "user" | "vm">): Promise<TrailFigures> => {
      const options: TrailProcessOptions = { logs, cacheDir, now, memoryLimitMb, ...only };
      return (await measureProcess(join(import.meta.dirname, "trailProcess.ts"), options)) as TrailFigures;
    };
    const scanned: DuckDbOptions = { folder: logs.audit, query: "scan", into: "rows", person, parquet: "" };
    const measured = await inRounds<"joined" | "person" | "vm" | "scans", TrailFigures | Times>(
      {
        joined: () => ask({}),
        scans: async () =>
          (await measureProcess(join(import.meta.dirname, "../logs/duckdbProcess.ts"), scanned)) as Times,
        person: () => ask({ user: person }),
        vm: () => ask({ vm }),
      },
      {
        rounds: kept,
        // The warm-up fills the store.
        warmUp: true,
        onRun: (name, round) => {
          say(`${sessions} sessions, ${name}, ${round === 0 ? "warm-up" : `${round} of ${kept}`}`);
        },
      },
    );
    const joined = measured.joined as TrailFigures[];
    requireWhole(joined, logs);
    say(JSON.stringify(joined.at(-1)?.verdicts));
    return {
      sessions: logs.sessions,
      joined,
      person: measured.person as TrailFigures[],
      vm: measured.vm as TrailFigures[],
      scans: measured.scans,
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function requireWhole(joined: readonly TrailFigures[], { sessions }: TrailLogs): void {
  const other = joined.find((figures) => figures.sessions !== sessions);
  if (other !== undefined) throw new Error(`${other.sessions} of ${sessions} sessions were joined.`);
}

function limited(subject: string, ours: number, limit: number, show: (value: number) => string): Comparison {
  return { subject, ours: show(ours), against: "the limit", theirs: show(limit), ratio: ours / limit, bar: 1 };
}
