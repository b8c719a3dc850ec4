/** The inputs of `init`: the flags, then the answers to questions. */
import type { Input } from "../../command.ts";
import { asOne, type UserError } from "../../errors.ts";
import { isDumb, type Io } from "../../io.ts";
import { defaultStack } from "../../options.ts";
import type { initOptions } from "./options.ts";
import { defaultPipeline, isPipelineName, type PipelineName } from "./pipelines.ts";
import { asErrors, configRefusals, flagOf, pipelineRefusals, stackRefusals } from "./refusals.ts";
import { configKeys, vmNamed, type StackValues } from "./stackConfig.ts";

export type InitOptions = Input<typeof initOptions>;

export interface Answers {
  readonly stack: string;
  /** `undefined` if the stack already has its config. */
  readonly values: StackValues | undefined;
  readonly ci: PipelineName;
}

/** The project that the answers are for. */
export interface Place {
  readonly project: string;
  /** Whether the project is new and gets pipelines. */
  readonly isNew: boolean;
  /** Whether a stack already has its config. */
  readonly hasConfig: (stack: string) => boolean;
  /** Further obstacles, reported together with the problems of the flags. */
  readonly problems: readonly UserError[];
}

/**
 * Asks for values that the flags do not give, if stdin is a terminal in which an answer can be corrected.
 * @throws `UserError` with all problems of the flags, before the first question.
 */
export async function answersOf(options: InitOptions, place: Place, io: Io): Promise<Answers> {
  const asks = io.isTty.stdin && !isDumb(io.env) && !options.yes;
  const { stack: early = defaultStack, ci = defaultPipeline } = options;
  const flags = valuesIn(options);
  const unset = asks || place.hasConfig(early) ? configKeys.map(({ name }) => name) : [];
  const problem = asOne([
    ...asErrors([
      ...stackRefusals(early),
      ...configRefusals(flags, { project: place.project, stack: early }, unset),
      ...pipelineRefusals(ci),
    ]),
    ...place.problems,
  ]);
  if (problem !== undefined) {
    throw problem;
  }
  const pipeline = isPipelineName(ci) ? ci : defaultPipeline;
  if (!asks) {
    return { stack: early, values: place.hasConfig(early) ? undefined : flags, ci: pipeline };
  }
  const { Questions } = await import("./questions.ts");
  const questions = new Questions(io);
  const stack = options.stack ?? (await questions.stack(defaultStack));
  const values = place.hasConfig(stack) ? undefined : await questions.values(flags, { project: place.project, stack });
  const asksPipeline = place.isNew && options.ci === undefined;
  return { stack, values, ci: asksPipeline ? await questions.pipeline(pipeline) : pipeline };
}

/** Flags that have no effect, because what they are for already exists. */
export function unusedFlags(options: InitOptions, { isNew }: Place, { values }: Answers): string[] {
  const given = Object.entries(values === undefined ? valuesIn(options) : {}).filter(
    ([, value]) => value !== undefined,
  );
  return [...given.map(([key]) => flagOf[key] ?? key), ...(options.ci !== undefined && !isNew ? ["--ci"] : [])];
}

function valuesIn({ location, namePrefix, sku, vm, defenderPlan }: InitOptions): StackValues {
  return {
    location,
    namePrefix,
    bastionSku: sku,
    vms: vm.length === 0 ? undefined : vm.map(vmNamed),
    defenderPlan,
  };
}
