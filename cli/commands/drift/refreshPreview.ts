/** Previews what `pulumi refresh` would record, without recording it. */
import * as v from "valibot";
import { UserError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { knownProblem, errorLineIn, runPulumi, type PulumiRun } from "../../pulumi.ts";
import { jsonValue } from "../../jsonValue.ts";
import { urnParts } from "../../urn.ts";

/** A JSON value among a resource's inputs. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };
export type Inputs = Readonly<Record<string, Value>>;

/** A resource of the stack with its current state in Azure. */
export interface RefreshedResource {
  /** Name in the program. */
  readonly name: string;
  /** `azure-native:network:SecurityRule` */
  readonly type: string;
  /** Type token of the parent component. */
  readonly parentType: string | undefined;
  /** ARM id. */
  readonly id: string;
  /** `same`: nothing in `now` differs from `deployed`. */
  readonly change: "same" | "changed" | "deleted";
  /** Inputs recorded by the last deployment. */
  readonly deployed: Inputs;
  /** Inputs that would produce the current state in Azure. */
  readonly now: Inputs;
  /** Top-level inputs that the provider found changed. */
  readonly changedInputs: readonly string[];
  /** Paths of the resource option `ignoreChanges`. */
  readonly ignored: readonly string[];
}

const value = v.custom<Value>(() => true);
const state = v.object({
  id: v.optional(v.string(), ""),
  custom: v.optional(v.boolean(), false),
  inputs: v.optional(v.record(v.string(), value), {}),
  ignoreChanges: v.optional(v.array(v.string()), []),
});
const digest = v.object({
  steps: v.optional(
    v.array(
      v.object({
        op: v.string(),
        urn: v.string(),
        oldState: v.optional(state),
        newState: v.optional(state),
        diffReasons: v.optional(v.array(v.string()), []),
        detailedDiff: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
      }),
    ),
    [],
  ),
  diagnostics: v.optional(
    v.array(v.object({ urn: v.optional(v.string(), ""), message: v.optional(v.string(), ""), severity: v.string() })),
    [],
  ),
});

/**
 * Reads the current state of every resource through its provider.
 * @param stack default: the stack that is selected in the current folder.
 * @throws `UserError` with Pulumi's own reason.
 */
export async function previewRefresh(stack: string | undefined, io: Io): Promise<RefreshedResource[]> {
  const named = stack === undefined ? [] : ["--stack", stack];
  const run = await runPulumi(["refresh", "--preview-only", "--json", ...named], io);
  io.signal.throwIfAborted();
  const parsed = v.safeParse(digest, jsonValue(run.stdout));
  if (run.failure !== undefined || !parsed.success) {
    const problem = knownProblem(run, stack === undefined ? "the selected stack" : `stack '${stack}'`, io);
    if (problem !== undefined) {
      throw new UserError(problem.message, problem.nextStep, { cause: run.failure });
    }
    throw refreshError(run, parsed.success ? parsed.output.diagnostics : []);
  }
  return parsed.output.steps.flatMap(({ oldState, newState, ...step }) =>
    oldState?.custom === true ? [resourceOf(step, oldState, newState)] : [],
  );
}

type State = v.InferOutput<typeof state>;
type Digest = v.InferOutput<typeof digest>;
type Step = Omit<Digest["steps"][number], "oldState" | "newState">;

function resourceOf(step: Step, deployed: State, now: State | undefined): RefreshedResource {
  const paths = [...step.diffReasons, ...Object.keys(step.detailedDiff ?? {})];
  const changedInputs = [...new Set(paths.map((path) => path.replace(/[.[].*$/s, "")))];
  return {
    ...urnParts(step.urn),
    id: deployed.id,
    change: step.op === "delete" ? "deleted" : changedInputs.length > 0 ? "changed" : "same",
    deployed: deployed.inputs,
    now: now?.inputs ?? {},
    changedInputs,
    ignored: deployed.ignoreChanges,
  };
}

function refreshError({ failure: cause, stderr }: PulumiRun, diagnostics: Digest["diagnostics"]): UserError {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  // If resources have errors, Pulumi's own error only repeats that the preview failed.
  const ofResources = errors.filter(({ urn }) => urn !== "");
  const told = (ofResources.length > 0 ? ofResources : errors).map(({ urn, message }) => {
    const text = message.trim().replace(/^error: (?:Preview failed: )?/, "");
    return urn === "" ? text : `${urnParts(urn).name}: ${text}`;
  });
  const reason = told.length > 0 ? told.join("\n").replace(/\.$/, "") : errorLineIn(stderr);
  return new UserError(
    `Pulumi cannot refresh the stack: ${reason}.`,
    "Run it in the project's folder, signed in to Pulumi and Azure, and name another stack with --stack.",
    { cause },
  );
}
