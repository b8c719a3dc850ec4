/** What the join of the trail must say, by the parts of docs/trail.md. */
import type { JoinedRow, RelationRows } from "../../../../cli/audit/trail/relations.ts";
import { links } from "./cases/links.ts";
import { people } from "./cases/people.ts";
import { conditions } from "./cases/conditions.ts";
import { bypasses } from "./cases/bypasses.ts";
import { subnetParts } from "./cases/subnetParts.ts";
import { denialsInTime } from "./cases/denialsInTime.ts";
import { places } from "./cases/places.ts";
import { flows } from "./cases/flows.ts";
import { flagged } from "./cases/flagged.ts";
import { gaps } from "./cases/gaps.ts";
import type { Case, Facts } from "./cases/case.ts";
import { quiet } from "./relationRows.ts";

export type { Case } from "./cases/case.ts";

/** The parts of docs/trail.md, each with its sessions. */
export const caseGroups: Readonly<Record<string, readonly Case[]>> = {
  "links a session by": links,
  "says of the person": people,
  "takes no request and no rule of": conditions,
  "tells a way around a request:": bypasses,
  "judges each part of a host's subnet by the rules for it:": subnetParts,
  "looks at every moment within the skew:": denialsInTime,
  "tells places apart:": places,
  "reads the flow log:": flows,
  "sets the flag": flagged,
  "says that it is unknown where the activity log lacks a time:": gaps,
};

export const allCases: readonly Case[] = Object.values(caseGroups).flat();

/** A whole data set of a case. */
export function rowsOf({ rows }: Case): RelationRows {
  return { ...quiet, ...rows };
}

/** The facts that a case names, of what a join said; candidates in order, since a set has none. */
export function saidOf({ says }: Case, rows: readonly JoinedRow[]): Facts[] {
  return rows.map((row, index) =>
    Object.fromEntries(
      Object.keys(says[index] ?? row).map((column) => [
        column,
        column === "Candidates" ? sorted(row.Candidates) : row[column as keyof Facts],
      ]),
    ),
  );
}

function sorted(words: string): string {
  return words.split(" ").sort().join(" ");
}

/** Rows with their candidates in an order: a set has none. */
export function comparable(rows: readonly JoinedRow[]): JoinedRow[] {
  return rows.map((row) => ({ ...row, Candidates: sorted(row.Candidates) }));
}
