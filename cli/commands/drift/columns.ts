import { nameOf } from "../../azure/read.ts";
import type { Column } from "../../reporters/rows.ts";
import type { Value } from "./refreshPreview.ts";
import type { Drift } from "./resourceDrift.ts";

export const driftColumns: readonly Column<Drift>[] = [
  { key: "change", value: ({ change }) => change },
  { key: "resource", value: ({ resource }) => resource, short: ({ resource }) => shortNameOf(resource) },
  { key: "type", value: ({ type }) => type, short: ({ type }) => type.replace(/^azure-native:/, ""), leaveOut: 2 },
  { key: "property", value: ({ property }) => property },
  {
    key: "old",
    type: "prose",
    title: "DEPLOYED",
    value: (row) => textOf(row.old),
    short: (row) => shortTextOf(row.old),
  },
  { key: "new", type: "prose", title: "NOW", value: (row) => textOf(row.new), short: (row) => shortTextOf(row.new) },
  { key: "note", type: "prose", value: ({ note }) => note, leaveOut: 1 },
];

/** `db-nsg/DenyBastionSubnet`: the group of every VM has a rule of that name. */
function shortNameOf(id: string): string {
  const [, group, rule] = /\/networkSecurityGroups\/([^/]+)\/securityRules\/([^/]+)$/i.exec(id) ?? [];
  return group === undefined || rule === undefined ? nameOf(id) : `${group}/${rule}`;
}

/** Text unchanged, any other value as JSON. */
function textOf(value: Value): string | null {
  return typeof value === "string" || value === null ? value : JSON.stringify(value);
}

/** Shortens a long object or list for a table. CSV and JSON have all of it. */
function shortTextOf(value: Value): string | null {
  const text = textOf(value);
  return typeof value === "object" && text !== null && text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
