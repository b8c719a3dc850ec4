import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "../../arm/model.ts";
import { isObject } from "../../arm/bodies.ts";
import { hiddenSecret } from "../protocol.ts";

/** One changed member, by its path: `subnets[0].addressPrefix`. */
export interface MemberChange {
  readonly kind: "add" | "delete" | "update";
  readonly replace: boolean;
}

export interface ResourceDiff {
  readonly changes: Readonly<Record<string, MemberChange>>;
  /** Paths that force a replacement. */
  readonly replaces: readonly string[];
}

/**
 * What changed between the old and the new inputs, and which of it replaces the resource, by azure-native's rules: values
 * that only Azure's normalization tells apart are equal, and a newly set member that Azure already has is no replacement.
 * @param forceNew members that replace the resource; `sku` covers all of its members, `sku.name` just the one.
 * @param ignoreChanges the resource option of that name. The engine takes ignored members out of an update itself; in a
 * refresh it leaves them to the provider's Diff (pulumi/pulumi #16146), and azure-native honours them (its PR #405).
 */
export function diffInputs(
  oldInputs: JsonObject,
  newInputs: JsonObject,
  oldState: JsonObject,
  forceNew: ReadonlySet<string>,
  ignoreChanges: readonly string[] = [],
): ResourceDiff {
  const ignored = ignoreChanges.map(ignoredPaths);
  const changes: Record<string, MemberChange> = {};
  const replaces: string[] = [];

  const note = (kind: MemberChange["kind"], path: string, rule: string): void => {
    if (ignored.some((paths) => paths.test(path))) return;
    const forced = forceNew.has(rule) || [...forceNew].some((prefix) => rule.startsWith(`${prefix}.`));
    const known = kind === "add" && isDeepStrictEqual(newInputs[path], oldState[path]);
    const replace = forced && !known;
    changes[path] = { kind, replace };
    if (replace) replaces.push(path);
  };

  const compare = (before: Json | undefined, after: Json | undefined, path: string, rule: string): void => {
    if (before === undefined && after === undefined) return;
    // Sent by a creation whose answer was lost (lostCreates.ts).
    if (before === hiddenSecret && after !== undefined) return;
    if (before === undefined) note("add", path, rule);
    else if (after === undefined) note("delete", path, rule);
    else if (Array.isArray(before) && Array.isArray(after)) {
      for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
        compare(before[index], after[index], `${path}[${index}]`, `${rule}[]`);
      }
    } else if (isObject(before) && isObject(after)) compareMembers(before, after, `${path}.`, `${rule}.`);
    else if (!isSameInAzure(rule, before, after)) note("update", path, rule);
  };

  const compareMembers = (before: JsonObject, after: JsonObject, path: string, rule: string): void => {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      // azure-native keeps notes of its own under such names.
      if (!name.startsWith("__")) compare(before[name], after[name], path + name, rule + name);
    }
  };

  compareMembers(oldInputs, newInputs, "", "");
  return { changes, replaces };
}

/** What a path of `ignoreChanges` covers: itself and all below it; `[*]` is any index. */
function ignoredPaths(pattern: string): RegExp {
  const literal = pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("\\[\\*\\]", "\\[\\d+\\]")}(?:$|[.[])`);
}

/** Whether Azure takes two values for the same: regions regardless of case and spaces, names and ids regardless of case. */
function isSameInAzure(rule: string, before: Json, after: Json): boolean {
  if (typeof before !== "string" || typeof after !== "string") return isDeepStrictEqual(before, after);
  if (rule === "location") return normalizedLocation(before) === normalizedLocation(after);
  if (rule === "resourceGroupName" || (isArmId(before) && isArmId(after))) {
    return before.toLowerCase() === after.toLowerCase();
  }
  return before === after;
}

/** `West Europe` and `westeurope` are one region. */
export function normalizedLocation(location: string): string {
  return location.replaceAll(" ", "").toLowerCase();
}

function isArmId(value: string): boolean {
  return /^\/subscriptions\/[^/]+\/resourceGroups\//i.test(value);
}

/**
 * The inputs after a refresh, as azure-native guesses them: outputs hold many values that Azure chose, so only what
 * changed between the outputs before and now is taken over into the inputs.
 * @param before arguments among the outputs of the last operation.
 * @param now arguments among the outputs as read just now.
 */
export function refreshedInputs(inputs: JsonObject, before: JsonObject, now: JsonObject): JsonObject {
  const result = { ...inputs };
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const [was, is] = [before[name], now[name]];
    if (is === undefined) Reflect.deleteProperty(result, name);
    else if (was === undefined) result[name] = is;
    else if (!isDeepStrictEqual(was, is)) {
      const input = inputs[name];
      result[name] = input === undefined ? is : refreshedValue(input, was, is);
    }
  }
  return result;
}

function refreshedValue(input: Json, before: Json, now: Json): Json {
  if (isObject(input) && isObject(before) && isObject(now)) return refreshedInputs(input, before, now);
  if (Array.isArray(input) && Array.isArray(before) && Array.isArray(now)) {
    return now.map((item, index) => {
      const [own, was] = [input[index], before[index]];
      return own === undefined || was === undefined ? item : refreshedValue(own, was, item);
    });
  }
  return now;
}
