/** Shows what `init` did or would do, and the next steps. */
import { note, type Io } from "../../io.ts";
import { report } from "../../reporters/report.ts";
import type { Column } from "../../reporters/rows.ts";
import type { InitOptions } from "./answers.ts";
import type { Plan } from "./plan.ts";

export interface FileRow {
  readonly file: string;
  readonly state: "created" | "to create" | "exists, left as it is";
}

const fileColumns: readonly Column<FileRow>[] = [
  { key: "file", value: ({ file }) => file },
  { key: "state", value: ({ state }) => state },
];

/** @param steps the commands of the next steps. */
export async function show(
  io: Io,
  { json, dryRun }: InitOptions,
  { create, keep }: Plan,
  steps: readonly string[],
): Promise<void> {
  const rows = [
    ...Object.keys(create).map((file): FileRow => ({ file, state: dryRun ? "to create" : "created" })),
    ...keep.map((file): FileRow => ({ file, state: "exists, left as it is" })),
  ];
  const members = { dryRun: () => dryRun, files: rows, next: steps };
  await report(io, { json }, { rows, columns: fileColumns, json: members, empty: "" });
  if (!json && steps.length > 0) {
    await note(io, ["", "Next:", ...steps.map((step) => `  ${step}`)].join("\n"));
  }
}
