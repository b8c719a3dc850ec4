/** The records in a pack: one file for each log, one JSON object per line. */
import type { RawEntry } from "../../audit/records/types.ts";
import type { TrailLog } from "../../audit/trail/types.ts";
import type { NewPack } from "../../evidence/newPack.ts";
import type { RecordTap } from "../report/readRawRecords.ts";
import type { PackSources } from "./sources.ts";

export interface RecordFiles {
  /** Writes the records as they are read. */
  readonly tap: RecordTap;
  readonly end: () => Promise<void>;
}

export async function recordFiles(pack: NewPack, nameOf: PackSources["nameOf"]): Promise<RecordFiles> {
  const files = {
    audit: await pack.file("records/audit.ndjson"),
    activity: await pack.file("records/activity.ndjson"),
    flows: await pack.file("records/flows.ndjson"),
  };
  const copied = <Found>(log: TrailLog, entriesOf: (found: Found) => readonly RawEntry[]) =>
    async function* (all: AsyncIterable<Found>): AsyncGenerator<Found> {
      for await (const found of all) {
        for (const { file, line, value } of entriesOf(found)) {
          await files[log].write(`${JSON.stringify({ file: nameOf(log, file), line, record: value })}\n`);
        }
        yield found;
      }
    };
  return {
    tap: {
      audit: copied("audit", (found) => ("raw" in found ? [found.raw] : [])),
      activity: copied("activity", (found) => ("raw" in found ? [found.raw] : [])),
      flows: copied("flows", ({ records }) => records),
    },
    end: async () => {
      for (const file of Object.values(files)) await file.end();
    },
  };
}
