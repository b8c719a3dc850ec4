/** The records in a pack: one file for each log, one JSON object a line. */
import type { RawEntry } from "../../audit/records/types.ts";
import type { FlowRow } from "../../audit/trail/types.ts";
import type { NewPack, PackFile } from "../../evidence/newPack.ts";
import type { RecordTap } from "../report/readRawRecords.ts";
import type { PackSources } from "./sources.ts";

type NameOf = PackSources["nameOf"];

export interface RecordFiles {
  /** Writes the records of the audit log and the activity log as they are read. */
  readonly tap: RecordTap;
  /** Writes the flows, and ends the files. */
  readonly end: (flows: AsyncIterable<FlowRow>) => Promise<void>;
}

export async function recordFiles(pack: NewPack, nameOf: NameOf): Promise<RecordFiles> {
  const audit = await pack.file("records/audit.ndjson");
  const activity = await pack.file("records/activity.ndjson");
  const flows = await pack.file("records/flows.ndjson");
  const copied = async function* <Found extends object>(found: AsyncIterable<Found>, file: PackFile) {
    for await (const one of found) {
      if ("raw" in one) await file.write(lineOf(one.raw as RawEntry, nameOf));
      yield one;
    }
  };
  return {
    tap: { audit: (records) => copied(records, audit), activity: (events) => copied(events, activity) },
    end: async (rows) => {
      for await (const row of rows) await flows.write(`${JSON.stringify(row)}\n`);
      for (const file of [audit, activity, flows]) await file.end();
    },
  };
}

/** A record with its place, by the file's name in the manifest. */
function lineOf({ file, line, value }: RawEntry, nameOf: NameOf): string {
  return `${JSON.stringify({ file: nameOf(file), line, record: value })}\n`;
}
