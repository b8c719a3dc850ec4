/** Previews the changes of a run, and reports the problems of its input. */
import { UserError } from "../../errors.ts";
import { configOptions, flagOf, type ConfigKey } from "./options.ts";
import type { PulumiStack, StackPreview } from "./pulumiStack.ts";
import type { Run } from "./run.ts";
import { checkLocation } from "./subscription.ts";

/**
 * Runs the program without changing anything. The program validates its own config.
 * @throws `UserError` with all problems of the input.
 */
export async function previewed(run: Run, stack: PulumiStack): Promise<StackPreview> {
  const { arm, subscription, config, program } = run;
  const location = config("location");
  const [place, preview] = await Promise.allSettled([
    location === "" ? undefined : checkLocation(arm, subscription, location),
    stack.preview(),
  ]);
  if (preview.status === "fulfilled" && place.status === "fulfilled") return preview.value;
  const failures = [preview, place].flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
  const other = failures.find((one) => !(one instanceof UserError));
  if (other !== undefined) throw other;
  const known = failures.filter((one) => one instanceof UserError);
  const problems = known
    .flatMap(({ message, nextStep, details }) => (details.length > 0 ? details : [`${message} ${nextStep}`]))
    .map((text) => withFlags(text, program.project.name));
  const [only] = known;
  if (only !== undefined && problems.length === 1) {
    throw new UserError(withFlags(only.message, program.project.name), only.nextStep, { cause: only.cause });
  }
  throw new UserError(`The input has ${problems.length} problems.`, "Fix them, and run this again.", {
    details: problems,
  });
}

/** Replaces config keys by option flags: the program reports keys, but the user gave options. */
function withFlags(message: string, project: string): string {
  const keys = Object.keys(configOptions) as ConfigKey[];
  return keys.reduce((text, key) => text.replaceAll(new RegExp(`\\b${project}:${key}\\b`, "g"), flagOf(key)), message);
}

/** The number of resources that would change. */
export function changesIn({ counts }: StackPreview): number {
  return Object.entries(counts).reduce((sum, [change, number]) => (change === "same" ? sum : sum + number), 0);
}

/** `31 to create, 2 to update` */
export function summaryOf({ counts }: StackPreview): string {
  const parts = Object.entries(counts).filter(([change]) => change !== "same");
  return parts.length === 0
    ? "nothing to change"
    : parts.map(([change, number]) => `${number} to ${change}`).join(", ");
}
