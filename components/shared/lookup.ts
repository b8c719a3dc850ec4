import { identityProblems, locate } from "./armId.ts";
import { type Problem, refuse, ValidationError } from "./validate.ts";

/** The resource that an ARM id identifies, or why it cannot be used. */
export type Lookup<T> = { readonly live: T } | { readonly problems: readonly Problem[] };

/**
 * Looks up the resource that an argument adopts. A resource that is missing, in another subscription or not readable is
 * a problem of that argument.
 * @throws the error of a lost call.
 * @param key - name of the argument.
 * @param id - a checked ARM id.
 * @param find - a function of azure-native, which finds a resource by its names in the provider's own subscription.
 */
export async function lookUp<T extends { readonly id?: string }>(
  key: string,
  id: string,
  find: (where: { readonly resourceGroupName: string; readonly name: string }) => Promise<T>,
): Promise<Lookup<T>> {
  const found = await attempt(key, id, () => find(locate(id)));
  const problems = "live" in found ? identityProblems(key, id, found.live.id) : [];
  return problems.length === 0 ? found : { problems };
}

/**
 * Looks up a resource that is not adopted by its id. A failure is a problem of the given argument.
 * @throws the error of a lost call.
 */
export async function attempt<T>(key: string, value: unknown, find: () => Promise<T>): Promise<Lookup<T>> {
  try {
    return { live: await find() };
  } catch (error) {
    if (isLostCall(error)) throw error;
    return { problems: [{ key, value, reason: reasonOf(error) }] };
  }
}

/**
 * Returns whether a call to the engine ended without an answer, which must end the run (docs/lost-calls.md): only then does
 * Pulumi's SDK pass on the error of gRPC, with its status as `code`.
 */
export function isLostCall(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "number";
}

/**
 * Returns whether a lookup finds nothing: Azure answers that there is nothing. What cannot be read may exist.
 * @throws the error of a lost call.
 */
export async function isMissing(find: () => Promise<unknown>): Promise<boolean> {
  try {
    await find();
    return false;
  } catch (error) {
    if (isLostCall(error)) throw error;
    return isNotFound(error);
  }
}

/** Returns the problems of the lookup, or those that `fit` finds in the resource. */
export function lookupProblems<T>(lookup: Lookup<T>, fit: (live: T) => readonly Problem[]): readonly Problem[] {
  return "live" in lookup ? fit(lookup.live) : lookup.problems;
}

/**
 * Returns the resource, if it fits.
 * @throws ValidationError with every reason why it does not.
 */
export function accepted<T>(subject: string, lookup: Lookup<T>, fit: (live: T) => readonly Problem[]): T {
  if (!("live" in lookup)) throw new ValidationError(subject, lookup.problems);
  refuse(subject, fit(lookup.live));
  return lookup.live;
}

/** Why a missing resource cannot be adopted. */
export const notFoundReason = "not found in the provider's subscription";

/**
 * azure-native's errors contain Azure's status in the form of one of the two Azure SDKs for Go: `Status=404` or
 * `RESPONSE 404`.
 */
function isNotFound(error: unknown): boolean {
  return /\b(?:Status(?:Code)?=|RESPONSE )404\b/.test(messageOf(error));
}

function reasonOf(error: unknown): string {
  if (isNotFound(error)) return notFoundReason;
  const [first = ""] = messageOf(error)
    .replace(/^(?:Error: )?invocation of \S+ returned an error: /, "")
    .split("\n");
  return `cannot be read: ${first.replace(/\.$/, "")}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
