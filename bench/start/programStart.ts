import { join } from "node:path";
import { compare, type Comparison, duration, type Figure, megabytes } from "../report.ts";
import { inRounds } from "../runProcess.ts";
import { startMockEngine } from "./mockEngine.ts";
import { ownProgram, runProgram, type Program, type ProgramRun } from "./programProcess.ts";
import { writeUsualProgram } from "./usualProgram.ts";

/** Three VMs, one of each kind, as in the sandbox's demonstration. */
const vms = 3;
const rounds = 7;
/** Number of rounds for programs that take tens of seconds each. */
const slowRounds = 2;

/** Largest ratios of the program's time and memory to those of an empty program. */
const bars = { wall: 1.3, memory: 1.5 };

/**
 * Measures the program's process, from start to end, against an engine that answers at once, compared with an empty
 * program and with the same resources written the usual way.
 */
export async function compareProgramStart(repository: string, say: (text: string) => void): Promise<Comparison[]> {
  const engine = await startMockEngine();
  try {
    const usual = writeUsualProgram(repository);
    const run = (program: Program, environment?: Readonly<Record<string, string>>) => () =>
      runProgram(engine, program, vms, environment);
    const asItIs = (...path: string[]): Program => ({
      file: join(repository, ...path),
      folder: repository,
      tsNode: false,
    });
    const onRun = (name: string, round: number) => {
      say(`program start, ${name}${round === 0 ? ": warm-up" : `: ${round}`}`);
    };

    const ours = run(ownProgram(repository));
    const cache = join(repository, ".cache", "bench-ts-node");
    const quick = await inRounds(
      {
        ours,
        empty: run(asItIs("bench", "start", "empty.js")),
        flat: run(asItIs("bench", "flat", "program.ts")),
        usual: run(usual, { TS_NODE_CACHE_DIRECTORY: cache }),
      },
      { rounds, warmUp: true, onRun },
    );
    sameResources([...quick.ours, ...quick.flat, ...quick.usual]);
    // ts-node caches compiled code, but checks all types again after a change of the program.
    const slow = await inRounds(
      { ours, usual: run(usual, { TS_NODE_CACHE: "false" }) },
      { rounds: slowRounds, warmUp: false, onRun },
    );
    sameResources([...slow.ours, ...slow.usual]);
    return [
      ...compare(quick.ours, "an empty program", quick.empty, figures(bars)),
      ...compare(quick.ours, "the usual way, unchanged", quick.usual, figures({ wall: 1, memory: 1 })),
      ...compare(slow.ours, "the usual way, changed", slow.usual, figures({ wall: 1, memory: 1 })),
      ...compare(quick.ours, "the flat program", quick.flat, figures()),
    ];
  } finally {
    await engine.close();
  }
}

/** Throws if the programs differ: one that registers fewer resources would be faster, and not comparable. */
function sameResources(runs: readonly ProgramRun[]): void {
  const counts = [...new Set(runs.map(({ resources }) => resources))];
  if (counts.length !== 1 || counts[0] === 0) {
    throw new Error(`The programs registered different numbers of resources: ${counts.join(", ")}.`);
  }
}

function figures(limits?: typeof bars): Figure<ProgramRun>[] {
  return [
    { subject: `program with ${vms} VMs, wall`, of: ({ wall }) => wall, show: duration, bar: limits?.wall },
    { subject: `program with ${vms} VMs, CPU time`, of: ({ cpuTime }) => cpuTime, show: duration },
    {
      subject: `program with ${vms} VMs, peak memory`,
      of: ({ memory }) => memory,
      show: megabytes,
      bar: limits?.memory,
    },
  ];
}
