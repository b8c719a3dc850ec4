import assert from "node:assert/strict";
import { parse } from "node:path";
import { report, type FormatOptions } from "../../../cli/reporters/report.ts";
import type { Column } from "../../../cli/reporters/rows.ts";
import { fakeIo, type FakeOptions } from "../fakeIo.ts";

export interface Visit {
  readonly at: string;
  readonly who: string | null;
  readonly seconds?: number;
  readonly id?: string;
}

export const columns: readonly Column<Visit>[] = [
  { key: "at", type: "time", value: ({ at }) => at },
  { key: "who", value: ({ who }) => who, colour: ({ who }) => (who === "eve" ? "red" : undefined) },
  { key: "durationSeconds", title: "DURATION", type: "duration", value: ({ seconds }) => seconds },
  { key: "id", value: ({ id }) => id, short: ({ id }) => id && parse(id).base, leaveOut: 1 },
];

export const ada: Visit = { at: "2026-05-04T10:00:00.000Z", who: "ada", seconds: 725, id: "/vms/web" };
export const eve: Visit = { at: "2026-05-04T11:00:00.000Z", who: "eve" };

export const table: FormatOptions = { json: false, csv: false, local: false };
export const csv: FormatOptions = { ...table, csv: true };
export const json: FormatOptions = { ...table, json: true };

export async function shown(rows: readonly Visit[], options: FormatOptions, fake: FakeOptions = {}): Promise<string> {
  const io = fakeIo(fake);
  const count = await report(io, options, { rows, columns, json: { visits: rows }, empty: "No visits." });
  assert.equal(count, options.json ? 0 : rows.length);
  return io.written.stdout;
}
