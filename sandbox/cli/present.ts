import { objectsAt, textAt, isObject, type Json, type JsonObject } from "../arm/json.ts";
import type { ChangedResource, ValueDifference } from "../changedResource.ts";
import type { Changes } from "../changes.ts";
import { describeChanges } from "../stackTexts.ts";

/** Formats pairs as lines, with the values aligned in one column. */
export function presentPairs(pairs: readonly (readonly [string, string])[], indent = ""): string {
  const width = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${indent}${name.padEnd(width)}  ${value}`).join("\n");
}

export function presentChanges(changes: Changes): string {
  return `Resources: ${describeChanges(changes)}`;
}

const marks: Readonly<Record<ChangedResource["change"], string>> = {
  create: "+ create ",
  update: "~ update ",
  replace: "± replace",
  delete: "- delete ",
};

/** Formats `~ update BastionHost bastion`, followed by each value that differs. */
export function presentResource({ change, type, name, differences }: ChangedResource): string {
  const head = `${marks[change]} ${type.split(":").at(-1) ?? type} ${name}`;
  return [head, ...differences.map((one) => `    ${one.property}${presentValues(one)}`)].join("\n");
}

/** Does not show a value with parts, only that it differs. */
function presentValues({ old: before = "[not set]", new: after = "[not set]" }: ValueDifference): string {
  return isNested(before) || isNested(after) ? "" : `: ${shown(before)} -> ${shown(after)}`;
}

/** Formats outputs for people: the links first, then single values, then values with parts, indented. */
export function presentOutputs(outputs: JsonObject): string {
  const entries = Object.entries(outputs);
  if (entries.length === 0) return "No outputs: nothing is deployed.";
  const rank = ([name, value]: readonly [string, Json]) => (name === "links" ? 0 : isNested(value) ? 2 : 1);
  return presentEntries(
    entries.toSorted((a, b) => rank(a) - rank(b)),
    "",
  );
}

function presentEntries(entries: readonly (readonly [string, Json])[], indent: string): string {
  const width = Math.max(0, ...entries.filter(([, value]) => !isNested(value)).map(([name]) => name.length));
  return entries
    .map(([name, value]) =>
      isNested(value)
        ? `${indent}${name}\n${presentEntries(partsOf(value), `${indent}  `)}`
        : `${indent}${name.padEnd(width)}  ${shown(value)}`,
    )
    .join("\n");
}

function partsOf(value: Json): [string, Json][] {
  if (Array.isArray(value)) {
    return value.map((item, index) => [
      isObject(item) ? text(item.name ?? String(index + 1)) : String(index + 1),
      item,
    ]);
  }
  return isObject(value) ? Object.entries(value) : [];
}

function isNested(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function shown(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Formats ARM's response to a JIT request. */
export function presentAccess(answer: JsonObject): string {
  const lines = objectsAt(answer, "virtualMachines").flatMap((vm) =>
    objectsAt(vm, "ports").map(
      (port) =>
        `  ${lastSegment(vm.id)} port ${text(port.number)} from ${text(port.allowedSourceAddressPrefix)} ` +
        `until ${text(port.endTimeUtc)}`,
    ),
  );
  return `Access granted to ${text(answer.requestor)}\n${lines.join("\n")}`;
}

/** Formats the result of `connect`: a session, a failed login, or the rule that refused it. */
export function presentConnect(answer: JsonObject): string {
  if (answer.outcome === "refused") {
    const rule = answer.rule === undefined ? "" : `\nNSG rule: ${text(answer.rule)}`;
    return `Refused: ${text(answer.reason)}${rule}`;
  }
  const session = (member: string) => text(textAt(answer, `session.${member}`));
  const head =
    answer.outcome === "connected"
      ? `Connected to ${lastSegment(session("vmId"))} as ${session("account")} until ${session("endsAt")}`
      : "Login failed";
  const record = answer.blobPath === undefined ? "nowhere in storage" : text(answer.blobPath);
  return `${head}\nTunnel:       ${text(answer.tunnelId)}\nAudit record: ${record}`;
}

function lastSegment(id: Json | undefined): string {
  return text(id).split("/").at(-1) ?? "";
}

function text(value: Json | undefined): string {
  return value === undefined ? "" : shown(value);
}
