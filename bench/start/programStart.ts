import { join } from "node:path";
import { benchConfig, engineConfig } from "../benchConfig.ts";
import { compare, type Comparison, duration, type Figure, megabytes } from "../report.ts";
import { inRounds, measureProcess } from "../runProcess.ts";
import { writeUsualProgram } from "./usualProgram.ts";

/** So many VMs, one of each kind: the path that the sandbox's demonstration deploys. */
const machines = 3;
const rounds = 7;
/** Rounds of what takes tens of seconds each. */
const slowRounds = 2;

/** How much more time and memory the program's start may take than an empty one's. */
const bar = 1.5;

/** What `run.js` reports, in milliseconds and bytes. */
interface Run {
  /** Until the program came to its first resource, or was done without any: Node, libraries, program and config. */
  readonly start: { readonly wall: number; readonly processor: number };
  /** Until the mocks had answered for its last resource. */
  readonly end: { readonly wall: number; readonly processor: number };
  /** Largest resident set of all. */
  readonly memory: number;
}

/** The program's process on Pulumi's mocks, beside an empty program's, and beside the same resources written the usual way. */
export async function compareProgramStart(repository: string, say: (text: string) => void): Promise<Comparison[]> {
  const config = engineConfig(benchConfig(machines));
  const usual = writeUsualProgram(repository);
  const cache = join(repository, ".cache", "bench-ts-node");
  const run = async (argument: object, environment?: Readonly<Record<string, string>>) =>
    (await measureProcess(join(import.meta.dirname, "run.js"), { ...argument, config }, environment)) as Run;
  const onRun = (name: string, round: number) => {
    say(`program start, ${name}${round === 0 ? ": warm-up" : `: ${round}`}`);
  };

  const ours = () => run({ program: join(repository, "start.js") });
  const quick = await inRounds(
    {
      ours,
      empty: () => run({ program: join(import.meta.dirname, "empty.js") }),
      flat: () => run({ program: join(repository, "bench", "flat", "program.ts") }),
      usual: () => run(usual, { TS_NODE_CACHE_DIRECTORY: cache }),
    },
    { rounds, warmUp: true, onRun },
  );
  // ts-node keeps what it compiled; after a change of the program it checks all types anew.
  const slow = await inRounds(
    { ours, usual: () => run(usual, { TS_NODE_CACHE: "false" }) },
    { rounds: slowRounds, warmUp: false, onRun },
  );
  return [
    ...compare(quick.ours, "an empty program", quick.empty, figures(bar)),
    ...compare(quick.ours, "the usual way, unchanged", quick.usual, figures(1)),
    ...compare(slow.ours, "the usual way, changed", slow.usual, figures(1)),
    ...compare(quick.ours, "the flat program", quick.flat, figures()),
  ];
}

function figures(limit?: number): Figure<Run>[] {
  return [
    { subject: "program start, wall", of: ({ start }) => start.wall, show: duration, bar: limit },
    { subject: "program start, processor", of: ({ start }) => start.processor, show: duration },
    { subject: "program's peak memory", of: ({ memory }) => memory, show: megabytes, bar: limit },
    { subject: `program to its end with ${machines} VMs, wall`, of: ({ end }) => end.wall, show: duration },
  ];
}
