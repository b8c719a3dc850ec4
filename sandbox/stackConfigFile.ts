/** Checks a stack config file for problems at which the engine would stop before it starts the program. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type YAMLMap } from "yaml";
import { type Problem, refuse, ValidationError } from "@bastion-trail/components/shared/validate";
import { parseConfig } from "@bastion-trail/program/config/index";
import { Failure } from "./failure.ts";

/** The stack that a file configures. */
export interface StackIdentity {
  readonly project: string;
  readonly stack: string;
}

/**
 * Refuses a file that is not YAML, or that has a duplicate key. The other problems of the config are reported together
 * with these, so that one run shows all of them.
 * @param file - its name in messages.
 */
export function checkStackConfig(text: string, file: string, { project, stack }: StackIdentity): void {
  const lines = new LineCounter();
  const document = parseDocument(text, { uniqueKeys: false, lineCounter: lines });
  if (document.errors.length > 0) {
    const errors = document.errors.map(({ message }) => `  - ${message.split("\n")[0] ?? ""}`);
    throw new Failure(`The config file ${file} is not valid YAML:\n${errors.join("\n")}`);
  }
  const config = document.get("config");
  const repeated = isMap(config) ? repeatedKeys(config, "", lines) : [];
  if (repeated.length > 0) {
    refuse(`The config of stack ${stack}`, [...repeated, ...otherProblems(document, { project, stack })]);
  }
}

function repeatedKeys(map: YAMLMap, path: string, lines: LineCounter): Problem[] {
  const places = new Map<string, number[]>();
  for (const { key } of map.items) {
    const name = nameOf(key);
    const line = isScalar(key) ? lines.linePos(key.range?.[0] ?? 0).line : 0;
    places.set(name, [...(places.get(name) ?? []), line]);
  }
  return map.items.flatMap(({ key, value }): Problem[] => {
    const name = nameOf(key);
    const at = path === "" ? name : `${path}.${name}`;
    const found = places.get(name) ?? [];
    places.delete(name);
    const last = map.items.findLast((pair) => nameOf(pair.key) === name)?.value;
    return [
      ...(found.length > 1
        ? [{ key: at, value: plain(last), reason: `set more than once, on lines ${found.join(" and ")}` }]
        : []),
      ...nested(value, at).flatMap(([inner, innerPath]) => repeatedKeys(inner, innerPath, lines)),
    ];
  });
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : JSON.stringify(key);
}

function nested(value: unknown, path: string): [YAMLMap, string][] {
  if (isMap(value)) return [[value, path]];
  return isSeq(value) ? value.items.flatMap((item, index) => nested(item, `${path}[${index}]`)) : [];
}

function plain(node: unknown): unknown {
  return isMap(node) || isSeq(node) || isScalar(node) ? node.toJSON() : undefined;
}

/** Returns the problems that the program itself would report, except those of encrypted values. */
function otherProblems(document: Document, { project, stack }: StackIdentity): readonly Problem[] {
  const { config } = document.toJS() as { config: Record<string, unknown> };
  // For the engine, a key without a namespace belongs to the project.
  const named = Object.entries(config).map(([key, value]) => [key.replace(`${project}:`, ""), value] as const);
  const own = named.filter(([key, value]) => !key.includes(":") && !isEncrypted(value));
  const raw = Object.fromEntries(own.map(([key, value]) => [key, asEngine(value)]));
  try {
    parseConfig(raw, { project, stack });
    return [];
  } catch (error) {
    if (error instanceof ValidationError) return error.problems;
    throw error;
  }
}

function isEncrypted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.keys(value).join() === "secure" || Object.values(value).some(isEncrypted);
}

/** Returns a value as the string that the engine passes to the program. */
function asEngine(value: unknown): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
