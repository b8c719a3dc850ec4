import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { benchConfig, stackConfig } from "../benchConfig.ts";
import { compare, type Comparison, duration, type Figure, megabytes } from "../report.ts";
import { inRounds, measureProcess } from "../runProcess.ts";
import { median } from "../statistics.ts";

/** How much longer `up` may take than with a flat program. */
const bar = 1.15;
/** Growth is compared by time for each VM; what is within the noise of two measurements is no worse. */
const growthBar = 1.05;

/** VMs, and how often each program is measured with so many. */
export const sizes: readonly { readonly machines: number; readonly rounds: number }[] = [
  { machines: 10, rounds: 3 },
  { machines: 100, rounds: 3 },
  { machines: 1000, rounds: 1 },
];

/**
 * The file backend writes the whole state at each step, so its cost grows with the square of the number of resources and
 * hides all else. This setting of the engine's makes it write once, at the end; it holds for both sides.
 */
const environment = { PULUMI_SKIP_CHECKPOINTS: "true" };

/** What `run.ts` reports, in milliseconds and bytes. */
interface Run {
  readonly wall: number;
  /** Of the process that runs the program and reads the engine's events; not of the engine and the sandbox. */
  readonly processor: number;
  readonly memory: number;
}

/** `up` of fresh sandboxes by the real engine: our program beside the flat one, with more and more VMs. */
export async function compareComponents(
  repository: string,
  chosen: readonly number[],
  say: (text: string) => void,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  const timePerMachine: { machines: number; ours: number; theirs: number }[] = [];
  for (const { machines, rounds } of sizes.filter((size) => chosen.includes(size.machines))) {
    const up = (program: string) => () => upOnce(join(repository, program), machines);
    const { ours, flat } = await inRounds(
      { ours: up("index.ts"), flat: up(join("bench", "flat", "withoutVersionAliases.ts")) },
      {
        rounds,
        warmUp: false,
        onRun: (name, round) => {
          say(`up of ${machines} VMs: ${name}, ${round} of ${rounds}`);
        },
      },
    );
    comparisons.push(...compare(ours, "a flat program", flat, figures(machines)));
    timePerMachine.push({
      machines,
      ours: median(ours.map(({ wall }) => wall)) / machines,
      theirs: median(flat.map(({ wall }) => wall)) / machines,
    });
  }
  return [...comparisons, ...growth(timePerMachine)];
}

async function upOnce(program: string, machines: number): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const configFile = join(folder, "bench.yaml");
    writeFileSync(configFile, stringify({ config: stackConfig(benchConfig(machines)) }));
    const script = join(import.meta.dirname, "run.ts");
    return (await measureProcess(script, { program, folder: join(folder, "sandbox"), configFile }, environment)) as Run;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function figures(machines: number): Figure<Run>[] {
  const of = `of ${machines} VMs`;
  return [
    { subject: `up ${of}, wall`, of: ({ wall }) => wall, show: duration, bar },
    { subject: `up ${of}, processor of the program`, of: ({ processor }) => processor, show: duration },
    { subject: `up ${of}, peak memory of the program`, of: ({ memory }) => memory, show: megabytes },
  ];
}

/** How the time for each VM grows from one size to the next, beside the flat program's growth, which is the engine's own. */
export function growth(
  times: readonly { readonly machines: number; readonly ours: number; readonly theirs: number }[],
): Comparison[] {
  return times.slice(1).flatMap((larger, index) => {
    const smaller = times[index];
    if (smaller === undefined) return [];
    const ours = larger.ours / smaller.ours;
    const theirs = larger.theirs / smaller.theirs;
    return [
      {
        subject: `time for each VM, ${larger.machines} against ${smaller.machines} VMs`,
        ours: `x ${ours.toFixed(2)}`,
        against: "a flat program",
        theirs: `x ${theirs.toFixed(2)}`,
        ratio: ours / theirs,
        bar: growthBar,
      },
    ];
  });
}
