/** `logs --records`: shows the audit records themselves. */
import { fieldNames, fieldOf, type AuditRecord, type FieldName } from "../../audit/fields.ts";
import { Tally } from "../../audit/records/tally.ts";
import type { SessionFilter, Unread } from "../../audit/records/types.ts";
import { UnreadableList } from "../../audit/records/unreadableList.ts";
import type { Io } from "../../io.ts";
import { shownPerson } from "../../names/person.ts";
import { openProgress } from "../../progress.ts";
import { report, type FormatOptions } from "../../reporters/report.ts";
import type { Cell, Column } from "../../reporters/rows.ts";
import { oneTunnel } from "./oneTunnel.ts";
import { recordTest } from "./recordFilter.ts";
import type { AuditSource } from "../../sources/auditSource.ts";
import { tellOtherLogs, tellUnreadable } from "../../sources/tellRead.ts";

/**
 * Shows the records that match the filter, in the order of the source, duplicates included.
 * @returns how much could not be read.
 */
export async function listRecords(
  source: AuditSource,
  filter: SessionFilter,
  options: FormatOptions,
  io: Io,
): Promise<Unread> {
  const unreadable = new UnreadableList();
  const otherLogs = new Tally();
  const isWanted = recordTest(filter);
  const progress = await openProgress(io, "Reading");
  const records = async function* (): AsyncGenerator<AuditRecord> {
    for await (const found of source.records(filter, progress)) {
      if ("record" in found) {
        if (isWanted(found.record)) yield found.record;
      } else if ("otherLog" in found) {
        otherLogs.add(found.otherLog);
      } else {
        unreadable.add(found);
      }
    }
  };
  try {
    const rows = oneTunnel(records(), filter.tunnel);
    const json = { records: rows, unreadable: () => unreadable.places, otherLogs: () => otherLogs.counts };
    await report(io, options, { rows, columns: recordColumns, json, empty: "No records." });
  } finally {
    progress.end();
  }
  await tellUnreadable(io, unreadable.places, unreadable.unread);
  await tellOtherLogs(io, otherLogs.counts);
  return unreadable.unread;
}

/** Shorter values for a table. */
const shorter: Readonly<Partial<Record<FieldName, (record: AuditRecord) => Cell>>> = {
  person: shownPerson,
  targetResourceId: ({ targetResourceId }) => targetResourceId?.split("/").at(-1),
};

const recordColumns = fieldNames.map((name): Column<AuditRecord> => {
  const { kind, shown, title, leaveOut } = fieldOf(name);
  return {
    key: name,
    type: kind === "text" || kind === "id" ? (shown ?? "text") : kind === "time" ? "time" : "number",
    value: (record) => record[name],
    ...(title !== undefined && { title }),
    ...(leaveOut !== undefined && { leaveOut }),
    ...(name in shorter && { short: shorter[name] }),
  };
});
