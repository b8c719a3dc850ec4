/** Problems of the inputs of `init`, in the words of the deployment where it would refuse the same. */
import { UserError } from "../../errors.ts";
import { isPipelineName, pipelineNames } from "./pipelines.ts";
import { problemsOf, type StackNames, type StackValues } from "./stackConfig.ts";

export interface Refusal {
  readonly flag: string;
  /** Whether it has a value. */
  readonly isGiven: boolean;
  /** Without a full stop. */
  readonly sentence: string;
}

export const flagOf: Readonly<Record<string, string>> = {
  location: "--location",
  namePrefix: "--name-prefix",
  bastionSku: "--sku",
  vms: "--vm",
  defenderPlan: "--defender-plan",
} satisfies Record<keyof StackValues, string>;

/** @param unset keys that may be missing. */
export function configRefusals(values: StackValues, names: StackNames, unset: readonly string[]): Refusal[] {
  const given: Readonly<Record<string, unknown>> = { ...values };
  return problemsOf(values, names)
    .map((problem) => ({ ...problem, name: /^\w*/.exec(problem.key)?.[0] ?? "" }))
    .filter(({ name }) => given[name] !== undefined || !unset.includes(name))
    .map(({ name, sentence }) => ({ flag: flagOf[name] ?? name, isGiven: given[name] !== undefined, sentence }));
}

/** Applies Pulumi's own rule for the part of a stack's name that is in its config file's name. */
export function stackRefusals(stack: string): Refusal[] {
  return /^[\w.-]{1,100}$/.test(stack)
    ? []
    : [
        {
          flag: "--stack",
          isGiven: true,
          sentence: `--stack is ${JSON.stringify(stack)}; must be 1 to 100 letters, digits, hyphens, underscores and periods`,
        },
      ];
}

export function pipelineRefusals(ci: string): Refusal[] {
  return isPipelineName(ci)
    ? []
    : [
        {
          flag: "--ci",
          isGiven: true,
          sentence: `--ci is ${JSON.stringify(ci)}; must be one of ${pipelineNames.join(", ")}`,
        },
      ];
}

/** Each refusal with the flag that mends it. */
export function asErrors(refusals: readonly Refusal[]): UserError[] {
  return refusals.map(
    ({ flag, isGiven, sentence }) => new UserError(`${sentence}.`, `${isGiven ? "Correct" : "Pass"} ${flag}.`),
  );
}
