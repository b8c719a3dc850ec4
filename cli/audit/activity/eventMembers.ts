/** Members of an event of the activity log, whatever the case of their names. */
import { collect, isObject, objectIn, textOf } from "../records/values.ts";

/** By name in lower case. */
export type Members = Map<string, unknown>;

export function membersOf(object: Readonly<Record<string, unknown>>): Members {
  const members: Members = new Map();
  collect(members, object);
  return members;
}

/** An object; in what PowerShell makes of it, its members are below `Content` (azure-powershell #15833). */
export function contentOf(value: unknown): Readonly<Record<string, unknown>> {
  const object = objectIn(value);
  const content = membersOf(object).get("content");
  return isObject(content) ? content : object;
}

export function firstText(members: Members, names: readonly string[]): string | null {
  return allTexts(members, names)[0] ?? null;
}

/** Members that are a text, or an object with a `value` and a text for people beside it. */
export function allTexts(members: Members, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const member = members.get(name);
    return textOf(isObject(member) ? membersOf(member).get("value") : member) ?? [];
  });
}
