/**
 * Protects evidence when arguments change. Changes that Azure cannot make are refused - the region, the resource group
 * or the name of a resource that holds evidence - because a deployment would delete it, with everything in it, and
 * create an empty one. Deliberate losses of evidence, such as a shorter retention, are refused unless
 * `allowEvidenceLoss` accepts them.
 */
import * as pulumi from "@pulumi/pulumi";
import { regionName } from "@bastion-trail/core/rules/region";
import type { HookInputs } from "./hookInputs.ts";
import type { UpdateRule } from "./updateHook.ts";
import { describeProblem, type Problem } from "./problem.ts";
import { refuse } from "./validate.ts";
import { hook, withUpdateHooks } from "./hook.ts";

/** The rules for changes of deployed evidence. */
export interface EvidenceRules {
  /** What is changed, for example `AuditArchive "audit"`. */
  readonly subject: string;
  /** What is kept, as the hook's purpose. */
  readonly keeps: string;
  /** Changes that are never possible. */
  readonly forbidden?: UpdateRule;
  /** Changes that lose evidence. */
  readonly losses?: UpdateRule;
  /** Whether there is nothing to lose. Asked only about a change that would be refused. */
  readonly isEmpty?: (before: HookInputs, after: HookInputs) => Promise<boolean>;
  /** Whether losses are accepted, with a warning. */
  readonly allowEvidenceLoss: boolean | undefined;
}

const advice = "To accept the loss of this evidence, set allowEvidenceLoss to true for one deployment.";

/**
 * Returns a hook that refuses changes of a resource or component before the update, also in a preview. The engine keeps
 * the inputs of components in its state and runs this hook before it registers any of their children, so a refused
 * change touches nothing.
 */
export function evidenceHook({ subject, keeps, forbidden, losses, isEmpty, allowEvidenceLoss }: EvidenceRules) {
  return hook(
    subject,
    `keeps-${keeps}`,
    async ({ oldInputs = {}, newInputs = {} }) => {
      const impossible = forbidden?.(oldInputs, newInputs) ?? [];
      const lost = losses?.(oldInputs, newInputs) ?? [];
      if (impossible.length + lost.length === 0 || (await isEmpty?.(oldInputs, newInputs)) === true) return;
      const refusesLoss = allowEvidenceLoss !== true && lost.length > 0;
      refuse(subject, [...impossible, ...(refusesLoss ? lost : [])], refusesLoss ? advice : undefined);
      for (const problem of lost) {
        await pulumi.log.warn(`${subject}: ${describeProblem(problem)}. Accepted by allowEvidenceLoss.`);
      }
    },
    { onDryRun: true },
  );
}

/** Adds the hook to the options of a component that holds evidence. */
export function keepsEvidence(
  rules: EvidenceRules,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.ComponentResourceOptions {
  return withUpdateHooks(opts, [evidenceHook(rules)]);
}

/**
 * Returns every input whose change would move the resource.
 * @param what the resource, for example `the archive`.
 */
export function moveProblems(what: string, keys: readonly string[], before: HookInputs, after: HookInputs): Problem[] {
  return keys.flatMap((key) => {
    const [was, wanted] = [before[key], after[key]];
    // A value that is not known yet (in a preview) or was never recorded cannot be compared.
    if (typeof was !== "string" || typeof wanted !== "string") return [];
    // Azure compares regions and names case-insensitively.
    if (regionName(was) === regionName(wanted)) return [];
    return [
      {
        key,
        value: wanted,
        reason: `it was ${was}, and ${what} cannot move: Azure would delete it with all evidence in it. Set it back, and deploy ${wanted} as a stack of its own or after destroying this one`,
      },
    ];
  });
}

/**
 * Returns the loss if a period gets shorter.
 * @param effect what Azure would do, for example `the workspace would delete logs`.
 */
export function shorterTime(key: string, was: unknown, wanted: unknown, effect: string): Problem[] {
  return typeof was === "number" && typeof wanted === "number" && wanted < was
    ? [{ key, value: wanted, reason: `it was ${was}: ${effect} after ${days(wanted)} instead of ${days(was)}` }]
    : [];
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}
