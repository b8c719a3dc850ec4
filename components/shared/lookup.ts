import { identityProblems, locate } from "./armId.ts";
import { type Problem, refuse, ValidationError } from "./validate.ts";

/** What Azure has under an ARM id, or why that is not what was meant. */
export type Lookup<T> = { readonly live: T } | { readonly problems: readonly Problem[] };

/**
 * Looks up what an argument adopts. What is missing, in another subscription or not readable is a problem of that argument.
 * @param key - name of the argument.
 * @param id - a checked ARM id.
 * @param find - a function of azure-native, which finds a resource by its names, in the provider's own subscription.
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

/** Looks up what is not adopted by its id. A failure is a problem of the argument that goes with it. */
export async function attempt<T>(key: string, value: unknown, find: () => Promise<T>): Promise<Lookup<T>> {
  try {
    return { live: await find() };
  } catch (error) {
    return { problems: [{ key, value, reason: reasonOf(error) }] };
  }
}

/** The problems of what was found; `fit` judges it. */
export function lookupProblems<T>(lookup: Lookup<T>, fit: (live: T) => readonly Problem[]): readonly Problem[] {
  return "live" in lookup ? fit(lookup.live) : lookup.problems;
}

/**
 * What was found, if it fits.
 * @throws ValidationError with every reason for which it does not.
 */
export function accepted<T>(subject: string, lookup: Lookup<T>, fit: (live: T) => readonly Problem[]): T {
  if (!("live" in lookup)) throw new ValidationError(subject, lookup.problems);
  refuse(subject, fit(lookup.live));
  return lookup.live;
}

/** Why something that does not exist cannot be adopted. */
export const notFoundReason = "not found in the provider's subscription";

/** azure-native's errors carry Azure's status in the form of either Azure SDK for Go: `Status=404` or `RESPONSE 404`. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/\b(?:Status(?:Code)?=|RESPONSE )404\b/.test(message)) return notFoundReason;
  const [first = ""] = message.replace(/^(?:Error: )?invocation of \S+ returned an error: /, "").split("\n");
  return `cannot be read: ${first.replace(/\.$/, "")}`;
}
