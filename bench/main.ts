/**
 * `npm run bench`: measures the cost of the program, its components and its CLI, as ratios to alternatives measured in
 * the same run.
 */
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { compareLogs, compareSync } from "./logs/logs.ts";
import { type Comparison, holds, table } from "./report.ts";
import { compareReport } from "./report/report.ts";
import { compareCliStart } from "./start/cliStart.ts";
import { compareProgramStart } from "./start/programStart.ts";
import { compareTrail } from "./trail/trail.ts";
import { compareComponents, sizes } from "./up/components.ts";

const parts = ["start", "cli", "up", "logs", "sync", "trail", "report"] as const;
type Part = (typeof parts)[number];

/** Parts that are measured together with another one. */
const within: Readonly<Partial<Record<Part, Part>>> = { sync: "logs", report: "trail" };

const usage = `npm run bench -- [--only ${parts.join("|")}] [--vms 10,100,1000] [--records N] [--growth N]
  [--sessions N] [--json]

  --only     measure only one part: the start of the program or of the CLI, the up of many VMs, logs (with sync), the sync
             of an archive, the access trail (with report), or the page of a report
  --vms      numbers of VMs to deploy, from ${sizes.map(({ vms }) => vms).join(", ")}
  --records  records of the archive that logs are read from; default 1000000, about 1.1 GB
  --growth   factor of records in the archive for peak memory; default 10, about 11 GB; 1 omits it
  --sessions sessions of the trail; default 1000000. Growth is measured from a tenth to three times as many, about 10 GB
  --json     print the comparisons as JSON

Exit code 1 if a bar is missed or cannot be measured, 2 for invalid arguments.
`;

/** Minimum number of records, so that the first files, by which DuckDB detects types, include the end of a session. */
const fewestRecords = 100_000;

/** Minimum number of sessions, so that a trail of a tenth as many takes longer than the start of the process. */
const fewestSessions = 10_000;

const repository = dirname(import.meta.dirname);

function say(text: string): void {
  process.stderr.write(`- ${text}\n`);
}

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === "string") {
    process.stderr.write(`${options}\n\n${usage}`);
    return 2;
  }
  const measured: Readonly<Record<Part, () => Promise<Comparison[]>>> = {
    start: () => compareProgramStart(repository, say),
    cli: () => compareCliStart(repository, say),
    up: () => compareComponents(repository, options.vms, say),
    logs: () => compareLogs(options, say),
    sync: () => compareSync(options.records, say),
    trail: () => compareTrail(options.sessions, say),
    report: () => compareReport(say),
  };
  const comparisons: Comparison[] = [];
  for (const part of parts) {
    if (options.only === undefined || options.only === part || options.only === within[part]) {
      comparisons.push(...(await measured[part]()));
    }
  }
  process.stdout.write(
    options.json
      ? `${JSON.stringify(
          comparisons.map((comparison) => ({ ...comparison, ok: holds(comparison) })),
          null,
          2,
        )}\n`
      : `${table(comparisons)}\n`,
  );
  return comparisons.every(holds) ? 0 : 1;
}

interface Options {
  readonly only: Part | undefined;
  readonly vms: readonly number[];
  readonly records: number;
  readonly growth: number;
  readonly sessions: number;
  readonly json: boolean;
}

/** @returns the options, or an error message. */
function readOptions(): Options | string {
  const known = sizes.map(({ vms }) => vms);
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string" },
        vms: { type: "string" },
        records: { type: "string", default: "1000000" },
        growth: { type: "string", default: "10" },
        sessions: { type: "string", default: "1000000" },
        json: { type: "boolean", default: false },
      },
    });
    const only = parts.find((part) => part === values.only);
    if (values.only !== undefined && only === undefined) {
      return `--only is ${values.only}; must be one of ${parts.join(", ")}.`;
    }
    const vms = values.vms === undefined ? known : values.vms.split(",").map(Number);
    if (!vms.every((count) => known.includes(count))) {
      return `--vms is ${values.vms ?? ""}; must be one or more of ${known.join(", ")}, separated by commas.`;
    }
    const [records, growth] = [Number(values.records), Number(values.growth)];
    if (!Number.isSafeInteger(records) || records < fewestRecords) {
      return `--records is ${values.records}; must be a whole number of at least ${fewestRecords}.`;
    }
    if (!Number.isSafeInteger(growth) || growth < 1) {
      return `--growth is ${values.growth}; must be a whole number of at least 1.`;
    }
    const sessions = Number(values.sessions);
    if (!Number.isSafeInteger(sessions) || sessions < fewestSessions) {
      return `--sessions is ${values.sessions}; must be a whole number of at least ${fewestSessions}.`;
    }
    return { only, vms, records, growth, sessions, json: values.json };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

process.exitCode = await main();
