/**
 * Checks that the arguments of a component have the form of their declaration. In TypeScript the compiler ensures that, but not in
 * programs in other languages, in JavaScript, or in TypeScript with `any`. The declarations are read from schema.json, which
 * Pulumi's analyzer generates from them.
 */
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { suggestion } from "@bastion-trail/core/rules/similarNames";
import { isGiven } from "./hookInputs.ts";
import { placeProblems } from "./placeRules.ts";
import { oneOfForm, type Problem, textForm } from "./problem.ts";
import { tagProblems } from "./tagRules.ts";
import { argumentOf, type FormedArguments, isPending, refuse } from "./validate.ts";

/** The parts of a type in Pulumi's schema that arguments use. */
interface Type {
  readonly type?: "string" | "number" | "boolean" | "array" | "object";
  readonly items?: Type;
  readonly additionalProperties?: Type;
  readonly $ref?: string;
  /** Whether it is never an Output. */
  readonly plain?: boolean;
}
interface Members {
  readonly properties?: Readonly<Record<string, Type>>;
  readonly required?: readonly string[];
}
interface NamedType extends Type, Members {
  readonly enum?: readonly { readonly value: string }[];
}
interface Schema {
  readonly resources: Readonly<
    Record<string, { readonly inputProperties: Members["properties"]; readonly requiredInputs?: Members["required"] }>
  >;
  readonly types: Readonly<Record<string, NamedType>>;
}

const schema = JSON.parse(readFileSync(new URL("../schema.json", import.meta.url), "utf8")) as Schema;

/** Arguments that a program shares among its components with a spread, although some components lack one of them. */
const everywhere = ["resourceGroupName", "location", "tags"];

/**
 * Returns the arguments that have a value. Other languages have `null` for an omitted one. An Output or a Promise without
 * a value, such as a misspelled output of another stack, is refused once that is known: a JIT policy without a source,
 * for example, would let everybody in.
 * @param subject - what has the arguments, for example `BastionHost "main"`.
 */
export function givenArguments<Args extends object>(subject: string, args: Args): Args {
  const withValue = (key: string, value: unknown): unknown => {
    // azure-native itself refuses a resource without a group; Pulumi's mocks have no name for a group.
    if (!isPending(value) || key === "resourceGroupName") return value;
    const reason = "the Output or Promise that was given has no value";
    return (pulumi.output(value) as unknown as pulumi.Output<unknown>).apply((known) => {
      refuse(subject, isGiven(known) ? [] : [{ key, value: undefined, reason }]);
      return known;
    });
  };
  const given = Object.entries(args).filter(([, value]) => isGiven(value));
  return Object.fromEntries(given.map(([key, value]) => [key, withValue(key, value)])) as Args;
}

/**
 * Returns every argument that is missing, unknown or of the wrong form, and the valid ones. Unknown values are not checked yet.
 * @param token - the component's type in Pulumi.
 */
export function formedArguments<Args extends object>(token: string, args: Args): FormedArguments<Args> {
  const { inputProperties, requiredInputs } = schema.resources[token] ?? {};
  const declared: Members = { properties: inputProperties, required: requiredInputs };
  const malformed = memberProblems("", args, declared, "argument");
  const keys = new Set(malformed.map(({ key }) => argumentOf(key)));
  const formed = Object.fromEntries(Object.entries(args).filter(([key]) => !keys.has(key)));
  return {
    args: formed as Partial<Args>,
    problems: [...malformed, ...commonProblems(formed)],
    missing: (requiredInputs ?? []).filter((key) => !isGiven(formed[key])),
  };
}

/** Applies the rules of arguments that have the same meaning in every component. */
function commonProblems({ tags, ...place }: Readonly<Record<string, unknown>>): Problem[] {
  if (!isObject(tags) || isPending(tags)) return placeProblems(place);
  // The name of a tag is known, even if its value is not.
  const known = Object.entries(tags).map(([name, value]) => [name, isPending(value) ? "" : value]);
  return [...placeProblems(place), ...tagProblems(Object.fromEntries(known) as Record<string, unknown>)];
}

function memberProblems(path: string, value: object, { properties = {}, required = [] }: Members, what: string) {
  const given: Readonly<Record<string, unknown>> = { ...value };
  const names = Object.keys(properties);
  return [
    ...required
      .filter((name) => !isGiven(given[name]))
      .map((name): Problem => ({ key: `${path}${name}`, value: undefined, reason: "it is required" })),
    ...Object.entries(given).flatMap(([name, member]): Problem[] => {
      if (!isGiven(member)) return [];
      const type = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (type === undefined && path === "" && everywhere.includes(name)) return [];
      if (type !== undefined) return formProblems(`${path}${name}`, member, type);
      const known = `there are ${names.toSorted().join(", ")}`;
      return [{ key: `${path}${name}`, value: member, reason: `unknown ${what}${suggestion(name, names)}; ${known}` }];
    }),
  ];
}

function formProblems(key: string, value: unknown, declared: Type): Problem[] {
  const refused = (reason: string): Problem[] => [{ key, value, reason }];
  const named = declared.$ref === undefined ? undefined : schema.types[declared.$ref.replace("#/types/", "")];
  const { type, items, additionalProperties } = named ?? declared;
  if (isPending(value)) {
    return declared.plain === true && type !== "array" && type !== "object"
      ? refused("must be known while the program runs, so it cannot be an Output or a Promise")
      : [];
  }
  if (named?.enum !== undefined) {
    const allowed = named.enum.map((one) => one.value);
    // An argument that can be an Output has its own rule, which is applied once the value is known.
    const isJudgedLater = declared.plain !== true && typeof value === "string";
    return isJudgedLater || allowed.some((one) => one === value) ? [] : refused(oneOfForm(value, allowed));
  }
  switch (type) {
    case "array":
      // The component's own rule checks the numbers of a list, and names each of them.
      return !Array.isArray(value)
        ? refused("must be a list")
        : value.flatMap((item: unknown, index) =>
            items === undefined || items.type === "number" ? [] : formProblems(`${key}[${index}]`, item, items),
          );
    case "object":
      if (!isObject(value)) return refused("must be an object");
      // A component can be passed as an object with its outputs.
      if (pulumi.Resource.isInstance(value)) return [];
      return named?.properties !== undefined
        ? memberProblems(`${key}.`, value, named, "property")
        : Object.entries(value).flatMap(([name, member]) =>
            // Tags have their own rules, which name each of them.
            additionalProperties === undefined || key === "tags"
              ? []
              : formProblems(`${key}.${name}`, member, additionalProperties),
          );
    case "string":
      return typeof value === "string" ? [] : refused(textForm(value));
    case "number":
      return typeof value === "number" ? [] : refused("must be a number");
    case "boolean":
      return typeof value === "boolean" ? [] : refused("must be true or false");
    default:
      return [];
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
