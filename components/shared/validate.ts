/**
 * Refuses bad input: all problems of one input are collected and thrown as one error. A plain value is checked while
 * the program runs, so that nothing is registered; a value that is known only during the deployment is checked before
 * any resource that uses it is sent to Azure.
 */
import * as pulumi from "@pulumi/pulumi";
import { membersOf } from "./hookInputs.ts";
import { describeProblem, type Problem, problemSentence, withoutSecrets } from "./problem.ts";

export type { Problem } from "./problem.ts";

/**
 * Refused input, with all its problems. A `RunError`, because Pulumi prints only the message of a `RunError`: a stack
 * trace does not help with a typing error.
 */
export class ValidationError extends pulumi.RunError {
  readonly problems: readonly Problem[];
  readonly #subject: string;
  readonly #advice: string | undefined;

  constructor(subject: string, problems: readonly Problem[], advice?: string) {
    const text =
      problems.length === 1
        ? `${subject}: ${problems.map(describe).join("")}.`
        : `${subject} has ${problems.length} problems:\n${problems.map((problem) => `  - ${describe(problem)}.`).join("\n")}`;
    const message = advice === undefined ? text : `${text}\n${advice}`;
    super(message);
    this.name = "ValidationError";
    this.problems = problems;
    this.#subject = subject;
    this.#advice = advice;
    // Fixes the message and shows it alone: Pulumi's SDK prepends the name of a property for each resource that waits
    // for a refused value (runtime/rpc.ts), and its plugin host shows the stack instead (provider/server.ts).
    Object.defineProperty(this, "message", { get: () => message, set: () => undefined });
    this.stack = message;
  }

  /** Returns the same refusal without the secrets. */
  hiding(secrets: readonly unknown[]): ValidationError {
    const shown = this.problems.map((problem) => withoutSecrets(problem, secrets));
    return new ValidationError(this.#subject, shown, this.#advice);
  }
}

/** A value that is not known yet cannot be shown. */
function describe(problem: Problem): string {
  return isPlain(problem.value) ? describeProblem(problem) : problemSentence(problem, "given");
}

/**
 * Throws if there is any problem.
 * @param subject - what was checked, for example `BastionHost "main"`.
 * @param advice - a sentence at the end of the message: what to do.
 * @throws ValidationError with all the problems.
 */
export function refuse(subject: string, problems: readonly Problem[], advice?: string): void {
  if (problems.length > 0) {
    throw new ValidationError(subject, problems, advice);
  }
}

/** A component's arguments as far as they have the form of their declaration; see argumentForms.ts. */
export interface FormedArguments<Args> {
  /** The arguments without those that are malformed, so that one of these does not hide what is wrong with the others. */
  readonly args: Partial<Args>;
  readonly problems: readonly Problem[];
  /** Required arguments that are not among `args`. */
  readonly missing: readonly string[];
}

type InputsOf<T> = { readonly [K in keyof T]: InputOf<T[K]> };
type InputOf<V> =
  pulumi.Input<V> | (V extends readonly (infer Element)[] ? pulumi.Input<pulumi.Input<Element>[]> : never);
/** Values after their check; see {@link checked}. */
export type Checked<T> = { readonly [K in keyof T]: pulumi.Input<T[K]> };

/**
 * Checks values that belong together and returns them for use.
 *
 * If all of them are plain, they are checked immediately and returned unchanged. If any of them is (or contains) an
 * Output or a Promise, the check runs once all are known, and each returned value resolves only after the check has
 * passed: a resource that takes its inputs from the result is never sent to Azure with refused input. In a preview, an
 * Output may stay unknown; `checkKnown` lets it refuse the values beside it.
 *
 * @param subject - what is checked, for example `BastionHost "main"`.
 * @param values - the values by key.
 * @param check - a pure function that returns every problem of the resolved values. It is not called if a required one is
 * missing.
 * @param formed - the arguments that the values come from; problems of their form are refused immediately.
 * @param checkKnown - the rules that the values must pass which are known before others. It gets only these, and must find
 * no problem that another value may solve.
 * @throws ValidationError with all the problems, immediately or inside the Output.
 */
export function checked<T extends object>(
  subject: string,
  values: InputsOf<T>,
  check: (values: T) => readonly Problem[],
  formed: Pick<FormedArguments<unknown>, "problems" | "missing"> = { problems: [], missing: [] },
  checkKnown: (known: Partial<T>) => readonly Problem[] = () => [],
): Checked<T> {
  const isComplete = !formed.missing.some((key) => key in values);
  const malformed = formed.problems.map(({ key }) => key);
  const refuseWith = (contradictions: readonly Problem[]): void => {
    const independent = contradictions.filter(({ key }) => !malformed.some((other) => overlaps(key, other)));
    refuse(subject, [...formed.problems, ...independent]);
  };
  if (isPlain(values)) {
    refuseWith(isComplete ? check(values as unknown as T) : []);
    return values as Checked<T>;
  }
  const later = Object.entries(values).flatMap(([key, value]) => (isPlain(value) ? [] : [key]));
  const known = Object.fromEntries(Object.entries(values).filter(([key]) => !later.includes(key))) as Partial<T>;
  refuseWith(isComplete ? checkKnown(known).filter(({ key }) => !later.includes(argumentOf(key))) : []);
  const gate = judged(values, (known: T): T => {
    refuse(subject, check(known));
    return known;
  });
  return Object.fromEntries(
    Object.keys(values).map((key) => [key, gate.apply((known) => known[key as keyof T])]),
  ) as Checked<T>;
}

/**
 * Applies a function to values once they are known. If it refuses them, the error does not repeat those that are secrets.
 * @param values - one Output or Promise, or an object with Outputs and Promises as members.
 */
export function judged<T, R>(
  values: pulumi.Input<T> | InputsOf<T>,
  judge: (known: T) => R | Promise<R>,
): pulumi.Output<R> {
  // `output` unwraps every Input of `values` to the type in `T`; its own type cannot express that for a type parameter.
  const resolved = pulumi.output(values) as unknown as pulumi.Output<T>;
  const result: unknown = resolved.apply(async (known) => {
    try {
      return await judge(known);
    } catch (error) {
      throw error instanceof ValidationError ? error.hiding(await secretsOf(values, known)) : error;
    }
  });
  return result as pulumi.Output<R>;
}

async function secretsOf(values: unknown, known: unknown): Promise<unknown[]> {
  if (isPending(values)) return (await pulumi.isSecret(pulumi.output(values))) ? [known] : [];
  const resolved = membersOf(known);
  const secrets = Object.entries(membersOf(values)).map(async ([key, value]) =>
    isPlain(value) ? [] : secretsOf(pulumi.output(value), resolved[key]),
  );
  return (await Promise.all(secrets)).flat();
}

/**
 * Returns the value if it is already known, otherwise `undefined`. For checks that can run before everything is known.
 */
export function ifPlain<T>(value: pulumi.Input<T> | undefined): T | undefined {
  return isPlain(value) ? (value as T | undefined) : undefined;
}

/** The argument that a problem is about: `targets` of `targets[0].name`. */
export function argumentOf(key: string): string {
  return /^\w*/.exec(key)?.[0] ?? key;
}

/** Whether one of two values is the other, or a part of it: `targets` and `targets[0].name`. */
function overlaps(one: string, other: string): boolean {
  const isPart = (part: string, whole: string): boolean => part.startsWith(`${whole}[`) || part.startsWith(`${whole}.`);
  return one === other || isPart(one, other) || isPart(other, one);
}

/** Whether a value comes only during the deployment. */
export function isPending(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** Whether the value contains no Output and no Promise. */
export function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return true;
  }
  if (isPending(value)) {
    return false;
  }
  return Object.values(value).every((part: unknown) => isPlain(part));
}
