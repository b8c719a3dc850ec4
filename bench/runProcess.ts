import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Runs a script that measures itself in a separate Node process.
 * @param argument passed to the script as JSON.
 * @param environment variables in addition to those of this process.
 * @returns its report: the last line of its standard output, parsed as JSON.
 * @throws with its output if it fails.
 */
export async function measureProcess(
  script: string,
  argument: object,
  environment: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const child = spawn(process.execPath, [script, JSON.stringify(argument)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const [exitCode] = (await once(child, "close")) as [number | null];
  if (exitCode !== 0) {
    throw new Error(`${script} ended with exit code ${exitCode}:\n${stdout}\n${stderr}`);
  }
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

/**
 * Measures several subjects in turn, A B C A B C, so that other load on the machine affects all of them alike.
 * @param rounds number of measurements to keep for each subject.
 * @param warmUp whether to discard a first round, which fills caches.
 */
export async function inRounds<Name extends string, Measurement>(
  subjects: Readonly<Record<Name, () => Promise<Measurement>>>,
  { rounds, warmUp, onRun }: { rounds: number; warmUp: boolean; onRun: (name: NoInfer<Name>, round: number) => void },
): Promise<Record<Name, Measurement[]>> {
  const names = Object.keys(subjects) as Name[];
  const kept = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Measurement[]>;
  for (let round = warmUp ? 0 : 1; round <= rounds; round += 1) {
    for (const name of names) {
      onRun(name, round);
      const measurement = await subjects[name]();
      if (round > 0) kept[name].push(measurement);
    }
  }
  return kept;
}
