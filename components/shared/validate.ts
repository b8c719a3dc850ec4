/**
 * Refuses bad input: all problems of one input are collected and thrown as one error. A plain value is checked while
 * the program runs, so that nothing is registered; a value that is known only during the deployment is checked before
 * any resource that uses it is sent to Azure.
 */
import * as pulumi from "@pulumi/pulumi";
import { describeProblem, type Problem, problemSentence } from "./problem.ts";

export type { Problem } from "./problem.ts";

/**
 * Refused input, with all its problems. A `RunError`, because Pulumi prints only the message of a `RunError`: a stack
 * trace does not help with a typing error.
 */
export class ValidationError extends pulumi.RunError {
  readonly problems: readonly Problem[];

  constructor(subject: string, problems: readonly Problem[], advice?: string) {
    const text =
      problems.length === 1
        ? `${subject}: ${problems.map(describe).join("")}.`
        : `${subject} has ${problems.length} problems:\n${problems.map((problem) => `  - ${describe(problem)}.`).join("\n")}`;
    const message = advice === undefined ? text : `${text}\n${advice}`;
    super(message);
    this.name = "ValidationError";
    this.problems = problems;
    // Fixes the message and shows it alone: Pulumi's SDK prepends the name of a property for each resource that waits
    // for a refused value (runtime/rpc.ts), and its plugin host shows the stack instead (provider/server.ts).
    Object.defineProperty(this, "message", { get: () => message, set: () => undefined });
    this.stack = message;
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

/** The required members of a component's arguments. */
type RequiredKey<Args> = { [Key in keyof Args]-?: object extends Pick<Args, Key> ? never : Key }[keyof Args];

/**
 * Returns every required argument that is missing. In TypeScript the compiler ensures that they are present, but not in
 * programs in other languages, in JavaScript, or in TypeScript with `any`.
 *
 * @param required - all required arguments; the compiler compares them with the declaration of the arguments.
 */
export function missingArguments<Args extends object>(
  args: Args,
  required: Readonly<Record<RequiredKey<Args>, true>>,
): Problem[] {
  const given: Partial<Record<string, unknown>> = { ...args };
  return Object.keys(required)
    .filter((key) => given[key] === undefined || given[key] === null)
    .map((key) => ({ key, value: undefined, reason: "it is required" }));
}

type InputsOf<T> = { readonly [K in keyof T]: InputOf<T[K]> };
type InputOf<V> =
  pulumi.Input<V> | (V extends readonly (infer Element)[] ? pulumi.Input<pulumi.Input<Element>[]> : never);
type Checked<T> = { readonly [K in keyof T]: pulumi.Input<T[K]> };

/**
 * Checks values that belong together and returns them for use.
 *
 * If all of them are plain, they are checked immediately and returned unchanged. If any of them is (or contains) an
 * Output or a Promise, the check runs once all are known, and each returned value resolves only after the check has
 * passed: a resource that takes its inputs from the result is never sent to Azure with refused input.
 *
 * @param subject - what is checked, for example `BastionHost "main"`.
 * @param values - the values by key.
 * @param check - a pure function that returns every problem of the resolved values. It is not called if one of them is
 * missing.
 * @param missing - the result of {@link missingArguments}; refused immediately.
 * @throws ValidationError with all the problems, immediately or inside the Output.
 */
export function checked<T extends object>(
  subject: string,
  values: InputsOf<T>,
  check: (values: T) => readonly Problem[],
  missing: readonly Problem[] = [],
): Checked<T> {
  if (isPlain(values)) {
    const complete = !missing.some(({ key }) => key in values);
    refuse(subject, complete ? [...missing, ...check(values as unknown as T)] : missing);
    return values as Checked<T>;
  }
  refuse(subject, missing);
  // `output` unwraps every Input of `values` to the type in `T`; its own type cannot express that for a type parameter.
  const gate = (pulumi.output(values) as unknown as pulumi.Output<T>).apply((known) => {
    refuse(subject, check(known));
    return known;
  });
  return Object.fromEntries(
    Object.keys(values).map((key) => [key, gate.apply((known) => known[key as keyof T])]),
  ) as Checked<T>;
}

/**
 * Returns the value if it is already known, otherwise `undefined`. For checks that can run before everything is known.
 */
export function ifPlain<T>(value: pulumi.Input<T> | undefined): T | undefined {
  return isPlain(value) ? (value as T | undefined) : undefined;
}

/** Whether the value contains no Output and no Promise. */
function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return true;
  }
  if (pulumi.Output.isInstance(value) || value instanceof Promise) {
    return false;
  }
  return Object.values(value).every((part: unknown) => isPlain(part));
}
