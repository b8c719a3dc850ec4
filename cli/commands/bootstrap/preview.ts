/** Previews the changes of a run, and reports the problems of its input. */
import { asOne, UserError } from "../../errors.ts";
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
  const previewing = stack.preview();
  const results = await Promise.allSettled([
    previewing,
    location === "" ? undefined : checkLocation(arm, subscription, location),
  ]);
  const failures = results.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
  const other = failures.find((one) => !(one instanceof UserError));
  if (other !== undefined) throw other;
  const words = (text: string): string => withFlags(text, program.project.name);
  const problem = asOne(
    failures
      .filter((one) => one instanceof UserError)
      .map(
        ({ message, nextStep, details, cause }) =>
          new UserError(words(message), nextStep, { cause, details: details.map(words) }),
      ),
  );
  if (problem !== undefined) throw problem;
  return previewing;
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
