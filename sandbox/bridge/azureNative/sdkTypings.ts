import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * The schema of a resource type, read from the typings of the installed @pulumi/azure-native. The real plugin and these
 * typings are generated from the same schema, so the bridge knows every member that a program can set.
 */

/** Type of a member. Enumerations are strings on the wire; a union of objects is `any`. */
export type SdkType =
  | { readonly kind: "string" | "number" | "boolean" | "any" }
  | { readonly kind: "object"; readonly name: string }
  | { readonly kind: "list" | "map"; readonly of: SdkType };

export interface SdkMember {
  readonly type: SdkType;
  readonly required: boolean;
  /**
   * Whether the elements of a list can also be standalone resources, such as a network security group's rules.
   * azure-native marks exactly these members in their documentation, and an update keeps the live list if the program
   * sets none.
   */
  readonly standaloneToo: boolean;
}

/** Members by their SDK names. */
export type SdkMembers = ReadonlyMap<string, SdkMember>;

export interface SdkTypings {
  /** Version of the installed SDK, such as `3.28.0`. */
  readonly version: string;
  /** Returns the version of Azure's API that a resource uses. */
  apiVersion(type: string): string;
  /** Returns the arguments of a resource, for example of `network.BastionHost`. */
  args(type: string): SdkMembers;
  /** Returns the outputs of a resource, without `id`. */
  outputs(type: string): SdkMembers;
  /** Returns what a function gives, for example `network.getBastionHost`. */
  functionResult(name: string): SdkMembers;
  /** Returns a nested type by its full name, for example `network.SubnetArgs` or `network.SubnetResponse`. */
  object(name: string): SdkMembers;
}

const standaloneNote = "also available as standalone resources";

/**
 * Opens the typings of the installed SDK. Files are read on demand, and each type is parsed once.
 * @throws Error if @pulumi/azure-native is not installed.
 */
export function openSdkTypings(): SdkTypings {
  const root = dirname(createRequire(import.meta.url).resolve("@pulumi/azure-native/package.json"));
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const file = memoize((path: string) => readFileSync(join(root, path), "utf8"));
  const members = memoize((key: string) => {
    const [path = "", start = "", end = ""] = key.split("\n\n");
    return parseMembers(section(file(path), path, start, end));
  });
  const declared = (path: string, start: string): SdkMembers => members([path, start, "\n}"].join("\n\n"));
  const namespaceOf = memoize((key: string) => {
    const [path = "", name = ""] = key.split(" ");
    return section(file(path), path, `\nexport declare namespace ${name} {`, "\n}");
  });
  const nested = memoize((name: string) => {
    const [space = "", type = ""] = name.split(".");
    const path = type.endsWith("Args") ? "types/input.d.ts" : "types/output.d.ts";
    return parseMembers(section(namespaceOf(`${path} ${space}`), path, `\n    interface ${type} {`, "\n    }"));
  });
  return {
    version: version.replace(/^v/, ""),
    apiVersion: (type) => {
      const stated = /Uses Azure REST API version ([\w-]+)\./.exec(file(fileOf(type)))?.[1];
      if (stated === undefined) throw new Error(`The typings of @pulumi/azure-native have no API version of ${type}.`);
      return stated;
    },
    args: (type) => declared(fileOf(type), `\nexport interface ${nameOf(type)}Args {`),
    outputs: (type) => declared(fileOf(type), `\nexport declare class ${nameOf(type)} extends pulumi.CustomResource {`),
    functionResult: (name) => declared(fileOf(name), `\nexport interface ${upperFirst(nameOf(name))}Result {`),
    object: nested,
  };
}

function memoize<Value>(make: (key: string) => Value): (key: string) => Value {
  const made = new Map<string, Value>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

/** `network.BastionHost` is declared in `network/bastionHost.d.ts`. */
function fileOf(type: string): string {
  const [space = "", name = ""] = type.split(".");
  return `${space}/${name.charAt(0).toLowerCase()}${name.slice(1)}.d.ts`;
}

const nameOf = (type: string): string => type.slice(type.indexOf(".") + 1);
const upperFirst = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

function section(text: string, path: string, start: string, end: string): string {
  const from = text.indexOf(start);
  if (from < 0) throw new Error(`The typings of @pulumi/azure-native hold no "${start.trim()}" in ${path}.`);
  const to = text.indexOf(end, from + start.length);
  return text.slice(from + start.length, to < 0 ? undefined : to);
}

/** Parses the body of an interface or class: lines outside comments, joined until a declaration ends. */
function parseMembers(body: string): SdkMembers {
  const members = new Map<string, SdkMember>();
  let comment = "";
  let inComment = false;
  let declaration = "";
  for (const line of body.split("\n")) {
    const text = line.trim();
    if (inComment || text.startsWith("/**")) {
      comment = text.startsWith("/**") ? text : comment + text;
      inComment = !text.endsWith("*/");
      continue;
    }
    if (text === "") continue;
    declaration += text;
    if (!text.endsWith(";") || depthOf(declaration) > 0) continue;
    const match = /^(?:readonly )?(\w+)(\??): (.*);$/.exec(declaration);
    if (match?.[1] !== undefined && match[3] !== undefined) {
      const optional = match[2] === "?" || /\|\s*undefined>?$/.test(match[3]);
      const standaloneToo = comment.includes(standaloneNote);
      members.set(match[1], { type: parseType(match[3]), required: !optional, standaloneToo });
    }
    declaration = "";
    comment = "";
  }
  return members;
}

function depthOf(text: string): number {
  let depth = 0;
  for (const character of text) {
    if ("<{[(".includes(character)) depth += 1;
    else if (">}])".includes(character)) depth -= 1;
  }
  return depth;
}

function parseType(text: string): SdkType {
  const parts = splitUnion(text).filter((part) => part !== "undefined");
  const plain = parts.filter((part) => !/^(enums\.|")/.test(part));
  const [only] = plain;
  if (only === undefined) return { kind: "string" };
  if (plain.length > 1) return { kind: "any" };
  const wrapped = /^pulumi\.(?:Input|Output)<(.*)>$/.exec(only)?.[1];
  if (wrapped !== undefined) return parseType(wrapped);
  if (only.endsWith("[]")) return { kind: "list", of: parseType(only.slice(0, -2)) };
  const value = /^\{\[key: string\]: (.*);\}$/.exec(only)?.[1];
  if (value !== undefined) return { kind: "map", of: parseType(value) };
  const name = /^(?:inputs|outputs)\.(\w+\.\w+)$/.exec(only)?.[1];
  if (name !== undefined) return { kind: "object", name };
  if (only === "string" || only === "number" || only === "boolean") return { kind: only };
  if (only.startsWith("(") && only.endsWith(")")) return parseType(only.slice(1, -1));
  return { kind: "any" };
}

function splitUnion(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const character of text) {
    if ("<{[(".includes(character)) depth += 1;
    if (">}])".includes(character)) depth -= 1;
    if (character === "|" && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else part += character;
  }
  return [...parts, part.trim()];
}
