/** Finds the values in an input that differ. */
import { isDeepStrictEqual } from "node:util";
import type { Inputs, Value } from "./refreshPreview.ts";

export interface Difference {
  /** `tags["cost center"]`, `securityRules[AllowHttps].priority`, `zones[0]` */
  readonly property: string;
  /** `undefined`: not set. */
  readonly deployed: Value | undefined;
  readonly now: Value | undefined;
}

/**
 * Returns every value in an input that differs, descending as long as both sides have the same shape.
 * @param property name of the input.
 */
export function differences(deployed: Value | undefined, now: Value | undefined, property: string): Difference[] {
  if (isDeepStrictEqual(deployed, now)) return [];
  const [before, after] = members(deployed, now);
  if (before === undefined || after === undefined) return [{ property, deployed, now }];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) =>
    differences(before.get(key), after.get(key), `${property}${key}`),
  );
}

type Members = ReadonlyMap<string, Value>;

/** The members of both values by path segment; `undefined` unless both are lists or both are objects. */
function members(before: Value | undefined, after: Value | undefined): readonly [Members?, Members?] {
  if (isList(before) && isList(after)) {
    // Elements are matched by name, because Azure may return another order, and an added element must not make all
    // later ones look changed.
    return areNamed(before) && areNamed(after) ? [byName(before), byName(after)] : [byIndex(before), byIndex(after)];
  }
  return isObject(before) && isObject(after) ? [byKey(before), byKey(after)] : [];
}

const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

function isObject(value: Value | undefined): value is Inputs {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nameOf(value: Value): string | undefined {
  return isObject(value) && typeof value.name === "string" ? value.name : undefined;
}

/** Whether every element has a unique name. */
function areNamed(list: readonly Value[]): boolean {
  const names = list.map(nameOf);
  return !names.includes(undefined) && new Set(names).size === list.length;
}

const byName = (list: readonly Value[]): Members => new Map(list.map((one) => [`[${nameOf(one) ?? ""}]`, one]));
const byIndex = (list: readonly Value[]): Members => new Map(list.map((one, index) => [`[${index}]`, one]));

function byKey(object: Inputs): Members {
  const step = (key: string): string => (/^\w+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
  return new Map(Object.entries(object).map(([key, value]) => [step(key), value]));
}
