import { randomInt } from "node:crypto";
import type { JsonObject } from "../arm/json.ts";
import { diffInputs } from "./azureNative/diff.ts";
import { isUnknown, parseUrn, unknown } from "./protocol.ts";
import type { CheckFailure, ResourcePlugin } from "./provider.ts";

/** Default special characters of random 4.x (terraform-provider-random, internal/random/string.go). */
const defaultSpecial = "!@#$%&*()-_=+[]{}<>:?";
const lowerCase = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";

const defaults: JsonObject = {
  lower: true,
  upper: true,
  numeric: true,
  number: true,
  special: true,
  minLower: 0,
  minUpper: 0,
  minNumeric: 0,
  minSpecial: 0,
};

/** Types `random:index/randomString:RandomString` and so on, by the last part of the token. */
const types = ["RandomString", "RandomPassword"];

/**
 * The random plugin: values are generated once with a cryptographic generator and then kept in the state; any change of
 * an input, including `keepers`, generates a new value.
 */
export function randomPlugin(): ResourcePlugin {
  const typeOf = (urn: string): string => {
    const token = parseUrn(urn).type;
    const type = token.slice(token.lastIndexOf(":") + 1);
    if (types.includes(type) && token.startsWith("random:index/")) return type;
    throw new Error(`The sandbox does not know the resource type "${token}". It knows of random: ${types.join(", ")}.`);
  };
  return {
    check: ({ urn, news }) => {
      typeOf(urn);
      const inputs = { ...defaults, ...news };
      // `number` is the former name of `numeric`; the one that the program sets applies to both.
      const numeric = news.numeric ?? news.number;
      if (numeric !== undefined) Object.assign(inputs, { numeric, number: numeric });
      if (inputs.length === undefined) {
        return Promise.resolve({
          inputs,
          failures: [{ property: "length", reason: "missing required property 'length'" }],
        });
      }
      return Promise.resolve({ inputs, failures: Object.values(inputs).some(isUnknown) ? [] : checkText(inputs) });
    },
    diff: ({ oldInputs, oldState, news }) => {
      const { changes } = diffInputs(oldInputs, news, oldState, { forceNew: new Set(), sets: {} });
      const replaced = Object.entries(changes).map(([path, change]) => [path, { ...change, replace: true }] as const);
      return { changes: Object.fromEntries(replaced), replaces: Object.keys(changes), deleteBeforeReplace: false };
    },
    create: ({ urn, inputs, preview }) => {
      const type = typeOf(urn);
      if (preview) return Promise.resolve({ id: "", state: { ...inputs, result: unknown } });
      const result = randomText(inputs);
      // The id of a password reveals nothing about it. There is no bcryptHash: Node has no bcrypt, and a wrong hash
      // would be useless.
      return Promise.resolve({ id: type === "RandomPassword" ? "none" : result, state: { ...inputs, result } });
    },
    // The value exists only in the state, so there is nothing else to read.
    read: ({ id, oldState, oldInputs }) => Promise.resolve({ id, state: oldState, inputs: oldInputs ?? {} }),
    update: ({ inputs, oldState }) => Promise.resolve({ ...oldState, ...inputs }),
    delete: () => Promise.resolve(),
    invoke: (token) => Promise.reject(new Error(`The sandbox does not know the function "${token}"; random has none.`)),
  };
}

function numberOf(inputs: JsonObject, name: string): number {
  const value = inputs[name];
  return typeof value === "number" ? value : 0;
}

/** Returns the allowed character classes, each with its minimum count. */
function classesOf(inputs: JsonObject): { characters: string; atLeast: number }[] {
  const special = typeof inputs.overrideSpecial === "string" ? inputs.overrideSpecial : defaultSpecial;
  return [
    { on: inputs.lower, characters: lowerCase, atLeast: numberOf(inputs, "minLower") },
    { on: inputs.upper, characters: lowerCase.toUpperCase(), atLeast: numberOf(inputs, "minUpper") },
    { on: inputs.numeric, characters: digits, atLeast: numberOf(inputs, "minNumeric") },
    { on: inputs.special, characters: special, atLeast: numberOf(inputs, "minSpecial") },
  ].filter(({ on, characters, atLeast }) => (on === true && characters !== "") || atLeast > 0);
}

function checkText(inputs: JsonObject): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const length = numberOf(inputs, "length");
  const fewest = classesOf(inputs).reduce((sum, { atLeast }) => sum + atLeast, 0);
  if (!Number.isInteger(length) || length < 1) {
    failures.push({ property: "length", reason: `'length' must be a whole number of at least 1 but is ${length}` });
  }
  if (length < fewest) {
    const parts = "minUpper + minLower + minNumeric + minSpecial";
    failures.push({ property: "length", reason: `'length' (${length}) must be at least ${parts} (${fewest})` });
  }
  if (classesOf(inputs).length === 0) {
    failures.push({ property: "lower", reason: "at least one of lower, upper, numeric and special must be true" });
  }
  return failures;
}

function randomText(inputs: JsonObject): string {
  const classes = classesOf(inputs);
  const any = classes.map(({ characters }) => characters).join("");
  const drawn = classes.flatMap(({ characters, atLeast }) => draw(characters, atLeast));
  return shuffle([...drawn, ...draw(any, numberOf(inputs, "length") - drawn.length)]).join("");
}

function draw(characters: string, count: number): string[] {
  return Array.from({ length: Math.max(0, count) }, () => characters.charAt(randomInt(characters.length)));
}

/** Fisher-Yates, so that the required characters are not all at the start. */
function shuffle(characters: string[]): string[] {
  const result = [...characters];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    const [a = "", b = ""] = [result[last], result[other]];
    result[last] = b;
    result[other] = a;
  }
  return result;
}
