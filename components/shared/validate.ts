/**
 * How bad input is refused: all problems of one input are collected and thrown as one error. A plain value is checked
 * while the program runs, so that nothing is registered; a value that is known only during the deployment is checked
 * before any resource that uses it is sent to Azure.
 */
import * as pulumi from "@pulumi/pulumi";
import { describeProblem, type Problem, problemSentence } from "./problem.ts";

export type { Problem } from "./problem.ts";

/**
 * Input that is refused, with all its problems.
 * A `RunError`, because Pulumi prints the message of a `RunError` alone: the stack of a typing error helps nobody.
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
    // The message stays as it is, and alone: for each resource that waits for a refused value, Pulumi's SDK writes the name of a
    // property before it (runtime/rpc.ts), and its host of plugins shows the stack in its place (provider/server.ts).
    Object.defineProperty(this, "message", { get: () => message, set: () => undefined });
    this.stack = message;
  }
}

/** A value that is not known yet has no text. */
function describe(problem: Problem): string {
  return isPlain(problem.value) ? describeProblem(problem) : problemSentence(problem, "given");
}

/**
 * Throws when there is any problem.
 * @param subject - what was checked, for example `BastionHost "main"`.
 * @param advice - a sentence for the end of the message: what to do.
 * @throws ValidationError with all the problems.
 */
export function refuse(subject: string, problems: readonly Problem[], advice?: string): void {
  if (problems.length > 0) {
    throw new ValidationError(subject, problems, advice);
  }
}

/** The members of a component's arguments that are not optional. */
type RequiredKey<Args> = { [Key in keyof Args]-?: object extends Pick<Args, Key> ? never : Key }[keyof Args];

/**
 * Every required argument that is missing. The compiler sees to that in TypeScript; programs in other languages, in JavaScript,
 * and in TypeScript with `any` come this far without it.
 *
 * @param required - each of them; the compiler holds this to the arguments' own declaration.
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
 * Checks values that belong together and gives them back for use.
 *
 * If all of them are plain, they are checked at once and returned as they are. If any of them is (or holds) an Output or
 * a Promise, the check runs as soon as all are known, and each returned value resolves only after the check passed:
 * a resource that takes its inputs from the result is never sent to Azure with refused input.
 *
 * @param subject - what is checked, for example `BastionHost "main"`.
 * @param values - the values by key.
 * @param check - a pure function that names every problem of the resolved values. It is not asked where one of them is missing.
 * @param missing - what {@link missingArguments} found; refused at once.
 * @throws ValidationError with all the problems, at once or inside the Output.
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
  // `output` unwraps every Input of `values` to what `T` says; its own type cannot express that for a type parameter.
  const gate = (pulumi.output(values) as unknown as pulumi.Output<T>).apply((known) => {
    refuse(subject, check(known));
    return known;
  });
  return Object.fromEntries(
    Object.keys(values).map((key) => [key, gate.apply((known) => known[key as keyof T])]),
  ) as Checked<T>;
}

/**
 * The value if it is known already, otherwise `undefined`.
 * For a check that can say something before everything is known.
 */
export function ifPlain<T>(value: pulumi.Input<T> | undefined): T | undefined {
  return isPlain(value) ? (value as T | undefined) : undefined;
}

/** True when no Output and no Promise is found anywhere in the value. */
function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return true;
  }
  if (pulumi.Output.isInstance(value) || value instanceof Promise) {
    return false;
  }
  return Object.values(value).every((part: unknown) => isPlain(part));
}
