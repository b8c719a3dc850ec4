import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { benchConfig, stackConfig } from "../benchConfig.ts";
import { compare, type Comparison, duration, type Figure, megabytes } from "../report.ts";
import { inRounds, measureProcess } from "../runProcess.ts";
import { median } from "../statistics.ts";

/** Largest ratio of the time of `up` to that with the flat program. */
const bar = 1.15;
/** Growth is compared by the time per VM. A difference within the noise of two measurements is acceptable. */
const growthBar = 1.05;

/** Numbers of VMs, each with the number of measurements per program. */
export const sizes: readonly { readonly vms: number; readonly rounds: number }[] = [
  { vms: 10, rounds: 3 },
  { vms: 100, rounds: 3 },
  { vms: 1000, rounds: 1 },
];

/**
 * The file backend writes the whole state at every step. Its cost grows with the square of the number of resources and
 * hides everything else. With this setting, the engine writes the state once at the end, for both sides.
 */
const environment = { PULUMI_SKIP_CHECKPOINTS: "true" };

/** The report of `run.ts`, in milliseconds and bytes. */
interface Run {
  readonly wall: number;
  /** For the process that runs the program and reads the engine's events, without the engine and the sandbox. */
  readonly cpuTime: number;
  readonly memory: number;
}

/** Runs `up` of fresh sandboxes with the real engine: our program and the flat one, with increasing numbers of VMs. */
export async function compareComponents(
  repository: string,
  chosen: readonly number[],
  say: (text: string) => void,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  const timePerVm: { vms: number; ours: number; theirs: number }[] = [];
  for (const { vms, rounds } of sizes.filter((size) => chosen.includes(size.vms))) {
    const up = (program: string) => () => upOnce(join(repository, program), vms);
    const { ours, flat } = await inRounds(
      { ours: up("index.ts"), flat: up(join("bench", "flat", "withoutVersionAliases.ts")) },
      {
        rounds,
        warmUp: false,
        onRun: (name, round) => {
          say(`up of ${vms} VMs: ${name}, ${round} of ${rounds}`);
        },
      },
    );
    comparisons.push(...compare(ours, "a flat program", flat, figures(vms)));
    timePerVm.push({
      vms,
      ours: median(ours.map(({ wall }) => wall)) / vms,
      theirs: median(flat.map(({ wall }) => wall)) / vms,
    });
  }
  return [...comparisons, ...growth(timePerVm)];
}

async function upOnce(program: string, vms: number): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const configFile = join(folder, "bench.yaml");
    writeFileSync(configFile, stringify({ config: stackConfig(benchConfig(vms)) }));
    const script = join(import.meta.dirname, "run.ts");
    return (await measureProcess(script, { program, folder: join(folder, "sandbox"), configFile }, environment)) as Run;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function figures(vms: number): Figure<Run>[] {
  const of = `of ${vms} VMs`;
  return [
    { subject: `up ${of}, wall`, of: ({ wall }) => wall, show: duration, bar },
    { subject: `up ${of}, CPU time of the program`, of: ({ cpuTime }) => cpuTime, show: duration },
    { subject: `up ${of}, peak memory of the program`, of: ({ memory }) => memory, show: megabytes },
  ];
}

/**
 * Growth of the time per VM from one size to the next, compared with that of the flat program, which is due to the
 * engine.
 */
export function growth(
  times: readonly { readonly vms: number; readonly ours: number; readonly theirs: number }[],
): Comparison[] {
  return times.slice(1).flatMap((larger, index) => {
    const smaller = times[index];
    if (smaller === undefined) return [];
    const ours = larger.ours / smaller.ours;
    const theirs = larger.theirs / smaller.theirs;
    return [
      {
        subject: `time per VM, ${larger.vms} compared with ${smaller.vms} VMs`,
        ours: `x ${ours.toFixed(2)}`,
        against: "a flat program",
        theirs: `x ${theirs.toFixed(2)}`,
        ratio: ours / theirs,
        bar: growthBar,
      },
    ];
  });
}
