import { regionName } from "@bastion-trail/core/rules/region";
import { isDeepStrictEqual } from "node:util";
import { isObject, type Json, type JsonObject } from "../../arm/json.ts";
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

/** Rules about changes from a resource type's schema. */
export interface DiffRules {
  /** Members whose change replaces the resource: `location`, `sku.name`, `rules[].name`. */
  readonly forceNew: ReadonlySet<string>;
  /** Lists that are compared as sets: the members that identify an element, by path without indexes. */
  readonly sets: Readonly<Record<string, readonly string[]>>;
}

/**
 * Compares old and new inputs, and returns which changes replace the resource, as in pulumi-azure-native's
 * provider/pkg/provider/diff.go: strings are compared exactly except for the resource group and the location, lists by
 * index except for `sets`, and `ignoreChanges` is not considered. In an update the engine resets ignored members
 * beforehand; in a refresh it leaves them to the provider, so they are reported.
 */
export function diffInputs(
  oldInputs: JsonObject,
  newInputs: JsonObject,
  oldState: JsonObject,
  { forceNew, sets }: DiffRules,
): ResourceDiff {
  const changes: Record<string, MemberChange> = {};

  /** Adding a member that Azure already has replaces nothing. */
  const isInAzure = (path: string): boolean =>
    oldState[path] !== undefined && isDeepStrictEqual(newInputs[path], oldState[path]);

  /**
   * @param forced whether a containing object forces a replacement, which applies to updates, not to adds and deletes.
   */
  const compare = (before: Json, after: Json, at: Place, forced: boolean): void => {
    // Sent for a creation whose response was lost (lostCreates.ts).
    if (before === hiddenSecret) return;
    if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, at, forced);
    else if (isObject(before) && isObject(after)) compareMembers(before, after, at, forced || forceNew.has(at.rule));
    else if (!isDeepStrictEqual(before, after)) {
      changes[at.path] = { kind: "update", replace: forced || forceNew.has(at.rule) };
    }
  };

  const compareMembers = (before: JsonObject, after: JsonObject, at: Place, forced: boolean): void => {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      // The provider's own members.
      if (name.startsWith("__")) continue;
      const [was, is] = [before[name], after[name]];
      const member = memberOf(at, name);
      if (was === undefined) {
        changes[member.path] = { kind: "add", replace: forceNew.has(member.rule) && !isInAzure(member.path) };
      } else if (is === undefined) changes[member.path] = { kind: "delete", replace: forceNew.has(member.rule) };
      else if (at.path !== "" || !isSameName(name, was, is)) compare(was, is, member, forced);
    }
  };

  const compareLists = (before: readonly Json[], after: readonly Json[], at: Place, forced: boolean): void => {
    for (const { was, is, index } of pairs(before, after, sets[at.type])) {
      const element = { path: `${at.path}[${index}]`, rule: `${at.rule}[]`, type: at.type };
      if (was === undefined) changes[element.path] = { kind: "add", replace: false };
      else if (is === undefined) changes[element.path] = { kind: "delete", replace: false };
      else compare(was, is, element, forced);
    }
  };

  compareMembers(oldInputs, newInputs, { path: "", rule: "", type: "" }, false);
  const replaces = Object.entries(changes).flatMap(([path, { replace }]) => (replace ? [path] : []));
  return { changes, replaces };
}

/** Path of a value: as in a change (`rules[0].name`), as in `forceNew` (`rules[].name`), and without lists. */
interface Place {
  readonly path: string;
  readonly rule: string;
  readonly type: string;
}

function memberOf({ path, rule, type }: Place, name: string): Place {
  const below = (base: string): string => (base === "" ? name : `${base}.${name}`);
  return { path: below(path), rule: below(rule), type: below(type) };
}

interface Pair {
  readonly was: Json | undefined;
  readonly is: Json | undefined;
  /** Index in the new list; for a removed element, in the old list. */
  readonly index: number;
}

/** Pairs the elements of two lists: by index, or by their identifying members. */
function pairs(before: readonly Json[], after: readonly Json[], keys: readonly string[] | undefined): Pair[] {
  if (keys === undefined) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => ({ was: before[index], is: after[index], index }));
  }
  const keyOf = (item: Json): string => JSON.stringify(isObject(item) ? keys.map((key) => item[key] ?? null) : item);
  const old = new Map(before.map((item) => [keyOf(item), item]));
  const present = new Set(after.map(keyOf));
  return [
    ...after.map((is, index) => ({ was: old.get(keyOf(is)), is, index })),
    ...before.flatMap((was, index) => (present.has(keyOf(was)) ? [] : [{ was, is: undefined, index }])),
  ];
}

/** Whether top-level strings are equal when case is ignored, and for a location, spaces. */
function isSameName(name: string, before: Json, after: Json): boolean {
  if (typeof before !== "string" || typeof after !== "string") return false;
  if (name === "resourceGroupName") return before.toLowerCase() === after.toLowerCase();
  return name === "location" && regionName(before) === regionName(after);
}

/**
 * Returns the inputs after a refresh, as estimated by azure-native: outputs contain many values chosen by Azure, so
 * only changes between the previous and the current outputs are applied to the inputs.
 * @param before arguments among the outputs of the last operation.
 * @param now arguments among the outputs that were just read.
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
