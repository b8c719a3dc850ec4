import { availableParallelism } from "node:os";
import { ClosingTable } from "./closingTable.ts";
import { faultConfigs } from "./configs.ts";
import { cleanRun, type CleanRun } from "./faultCase.ts";
import { selectKinds } from "./faultKinds.ts";
import { RigPool } from "./pool.ts";
import type { Target } from "./targets.ts";

/*
 * What the tests of faults share: FAULTS=409,kill and RESOURCES=bastionHosts,web-nic choose among them, and SANDBOXES is
 * how many run side by side.
 */

const wanted = process.env.RESOURCES?.toLowerCase().split(",");

/** Each sandbox keeps about one core busy. */
export const pool = new RigPool(Number(process.env.SANDBOXES ?? availableParallelism()));
export const kinds = selectKinds(process.env.FAULTS);
export const table = new ClosingTable();

/** Whether `RESOURCES` selects a request. */
export function isWanted({ label, path }: Target): boolean {
  return wanted === undefined || wanted.some((one) => `${label} ${path}`.toLowerCase().includes(one));
}

console.log("Deploying and destroying without faults, to learn what is sent to Azure...");
const runs = Object.entries(faultConfigs).map(([title, config]) => ({
  title,
  run: pool.add((rig) => cleanRun(rig, config)),
}));

/** A run without faults of every config. */
export const cleanRuns: readonly { readonly title: string; readonly clean: CleanRun }[] = await Promise.all(
  runs.map(async ({ title, run }) => ({ title, clean: await run })),
).catch(async (error: unknown) => {
  await pool.close();
  // Mocha hides what a module that it requires throws behind an error of its own.
  console.error(error);
  throw error;
});

export const mochaHooks = {
  async afterAll(): Promise<void> {
    await pool.close();
    console.log(table.toString());
  },
};
