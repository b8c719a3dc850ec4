/** `logs --records`: the audit records themselves. */
import { Tally } from "../../audit/records/tally.ts";
import type { AuditRecord, SessionFilter, Unread } from "../../audit/records/types.ts";
import { UnreadableList } from "../../audit/records/unreadableList.ts";
import type { Io } from "../../io.ts";
import { shownPerson } from "../../person.ts";
import { openProgress } from "../../progress.ts";
import { report, type FormatOptions } from "../../reporters/report.ts";
import type { Column } from "../../reporters/rows.ts";
import { oneTunnel } from "./oneTunnel.ts";
import { recordTest } from "./recordFilter.ts";
import type { LogSource } from "./sources.ts";
import { tellOtherLogs, tellUnreadable } from "./tell.ts";

/**
 * Shows the records that the filter means, in the order in which they lie in the source, duplicates included.
 * @returns how much could not be read.
 */
export async function listRecords(
  source: LogSource,
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

const recordColumns: readonly Column<AuditRecord>[] = [
  { key: "time", type: "time", value: ({ time }) => time },
  { key: "person", value: ({ person }) => person, short: shownPerson },
  { key: "account", value: ({ account }) => account, leaveOut: 3 },
  { key: "targetResourceId", title: "VM", value: (one) => one.targetResourceId, short: (one) => nameOf(one) },
  { key: "clientIp", title: "FROM", value: ({ clientIp }) => clientIp, leaveOut: 1 },
  { key: "message", type: "prose", value: ({ message }) => message },
  { key: "tunnelId", title: "TUNNEL", type: "id", value: ({ tunnelId }) => tunnelId, leaveOut: 2 },
  { key: "protocol", value: ({ protocol }) => protocol, leaveOut: 4 },
  { key: "sessionEnd", title: "END", type: "time", value: ({ sessionEnd }) => sessionEnd, leaveOut: 5 },
  { key: "targetIp", title: "VM IP", value: ({ targetIp }) => targetIp, leaveOut: 6 },
  { key: "sessionStart", type: "time", value: ({ sessionStart }) => sessionStart, leaveOut: 7 },
  { key: "durationMs", type: "number", value: ({ durationMs }) => durationMs, leaveOut: 8 },
  { key: "clientPort", type: "number", value: ({ clientPort }) => clientPort, leaveOut: 9 },
  { key: "operationName", value: ({ operationName }) => operationName, leaveOut: 10 },
  { key: "userAgent", type: "prose", value: ({ userAgent }) => userAgent, leaveOut: 11 },
  { key: "resourceType", value: ({ resourceType }) => resourceType, leaveOut: 12 },
  { key: "bastionId", value: ({ bastionId }) => bastionId, leaveOut: 13 },
  { key: "region", value: ({ region }) => region, leaveOut: 14 },
  { key: "category", value: ({ category }) => category, leaveOut: 15 },
];

function nameOf({ targetResourceId }: AuditRecord): string | undefined {
  return targetResourceId?.split("/").at(-1);
}
