/** `npm run bench`: what the program and its components cost, as ratios of what is measured side by side in one run. */
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { type Comparison, holds, table } from "./report.ts";
import { compareProgramStart } from "./start/programStart.ts";
import { compareComponents, sizes } from "./up/components.ts";

const usage = `npm run bench -- [--only start|up] [--vms 10,100,1000] [--json]

  --only   measure the program's start, or the up of many VMs, alone
  --vms    numbers of VMs to deploy, of ${sizes.map(({ machines }) => machines).join(", ")}
  --json   print the comparisons as JSON

Ends with exit code 1 when a bar is missed, 2 when the arguments cannot be used.
`;

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
  const comparisons: Comparison[] = [];
  if (options.only !== "up") {
    comparisons.push(...(await compareProgramStart(repository, say)));
  }
  if (options.only !== "start") {
    comparisons.push(...(await compareComponents(repository, options.machines, say)));
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

/** @returns the options, or what is wrong with them. */
function readOptions(): { only: string | undefined; machines: readonly number[]; json: boolean } | string {
  const known = sizes.map(({ machines }) => machines);
  try {
    const { values } = parseArgs({
      options: { only: { type: "string" }, vms: { type: "string" }, json: { type: "boolean", default: false } },
    });
    const { only, vms, json } = values;
    if (only !== undefined && only !== "start" && only !== "up") {
      return `--only is ${only}; allowed are start and up.`;
    }
    const machines = vms === undefined ? known : vms.split(",").map(Number);
    if (!machines.every((count) => known.includes(count))) {
      return `--vms is ${vms ?? ""}; allowed are ${known.join(", ")}, with commas between.`;
    }
    return { only, machines, json };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

process.exitCode = await main();
