/**
 * Checks that the arguments of a component have the form of their declaration. In TypeScript the compiler ensures that, but not in
 * programs in other languages, in JavaScript, or in TypeScript with `any`. The declarations are read from schema.json, which
 * Pulumi's analyzer generates from them.
 */
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { suggestion } from "@bastion-trail/core/rules/similarNames";
import { engineAddress } from "./engine.ts";
import { isGiven } from "./hookInputs.ts";
import { placeProblems } from "./placeRules.ts";
import { oneOfForm, type Problem, textForm } from "./problem.ts";
import { tagProblems } from "./tagRules.ts";
import { argumentOf, type FormedArguments, isPending, isPlain, judged, refuse } from "./validate.ts";

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
 * Returns the arguments that have a value. Other languages have `null` for an omitted one. Values that are known only
 * during the deployment, such as the outputs of another stack, are checked then: nothing that is made from a malformed one
 * is sent to Azure. One without a value is refused, too: a JIT policy without a source, for example, would let everybody in.
 * @param token - the component's type in Pulumi.
 * @param subject - what has the arguments, for example `BastionHost "main"`.
 * @param rules - the component's rules for single arguments.
 */
export function givenArguments<Args extends object>(
  token: string,
  subject: string,
  args: Args,
  rules: ArgumentRules,
): Args {
  const { inputProperties = {} } = schema.resources[token] ?? {};
  const given = Object.entries(args).filter(([, value]) => isGiven(value));
  const checkedLater = given.map(([key, value]) => [
    key,
    withCheck({ subject, rules }, key, value, inputProperties[key]),
  ]);
  return Object.fromEntries(checkedLater) as Args;
}

/**
 * A component's rules for single arguments. They are applied as soon as the argument is known.
 * @param key - the argument; for a member, its path, such as `workspace.workspaceId`.
 */
export type ArgumentRules = Readonly<Record<string, (key: string, value: string) => readonly Problem[]>>;

/** Returns the problems of the arguments that are known and have the right form. */
export function ruledArguments(args: object, rules: ArgumentRules): Problem[] {
  return Object.entries(args).flatMap(([key, value]): readonly Problem[] => ruleProblems(key, value, rules));
}

function ruleProblems(key: string, value: unknown, rules: ArgumentRules): readonly Problem[] {
  if (typeof value === "string") return rules[key.replaceAll(/\[\d+\]/g, "[]")]?.(key, value) ?? [];
  if (Array.isArray(value)) return value.flatMap((item, index) => ruleProblems(`${key}[${index}]`, item, rules));
  return isObject(value) && !isPending(value) && !pulumi.Resource.isInstance(value)
    ? Object.entries(value).flatMap(([name, member]) => ruleProblems(`${key}.${name}`, member, rules))
    : [];
}

interface Checks {
  readonly subject: string;
  readonly rules: ArgumentRules;
}

function withCheck(checks: Checks, key: string, value: unknown, declared: Type | undefined): unknown {
  if (declared === undefined || isPlain(value)) return value;
  if (isPending(value)) {
    return judged(value, (known) => {
      refuse(checks.subject, knownProblems(key, known, declared, checks.rules));
      return known;
    });
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => withCheck(checks, `${key}[${index}]`, item, declared.items));
  }
  if (!isObject(value) || pulumi.Resource.isInstance(value)) return value;
  const { properties = {} } = namedType(declared) ?? {};
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      withCheck(checks, `${key}.${name}`, member, properties[name] ?? declared.additionalProperties),
    ]),
  );
}

function knownProblems(key: string, known: unknown, declared: Type, rules: ArgumentRules): Problem[] {
  if (!isGiven(known)) {
    const reason = "the Output or Promise that was given has no value";
    // azure-native itself refuses a resource without a group; Pulumi's mocks have no name for a group.
    return key === "resourceGroupName" ? [] : [{ key, value: undefined, reason }];
  }
  const malformed = formProblems(key, known, declared);
  if (malformed.length > 0) return malformed;
  const [argument = key, tag] = key.split(/\.(.*)/s);
  return [
    ...commonProblems({ [argument]: tag === undefined ? known : { [tag]: known } }),
    // Pulumi's mocks make up the ids and names of resources, so these would be refused in a program's unit tests.
    ...(engineAddress() === undefined ? [] : ruleProblems(key, known, rules)),
  ];
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
  const named = namedType(declared);
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

function namedType({ $ref }: Type): NamedType | undefined {
  return $ref === undefined ? undefined : schema.types[$ref.replace("#/types/", "")];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
