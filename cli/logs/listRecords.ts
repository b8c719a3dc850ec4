/** `logs --records`: the audit records themselves. */
import { Tally } from "../../audit/records/tally.ts";
import type { AuditRecord, SessionFilter, Unread } from "../../audit/records/types.ts";
import { UnreadableList } from "../../audit/records/unreadableList.ts";
import type { Io } from "../io.ts";
import { openProgress } from "../progress.ts";
import { report, type Column, type FormatOptions } from "../reporters/report.ts";
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
    const rows = records();
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
  { key: "message", value: ({ message }) => message },
  { key: "person", value: ({ person }) => person },
  { key: "account", value: ({ account }) => account, leaveOut: 1 },
  { key: "targetResourceId", title: "VM", value: (one) => one.targetResourceId, short: (one) => nameOf(one) },
  { key: "targetIp", title: "VM IP", value: ({ targetIp }) => targetIp, leaveOut: 5 },
  { key: "protocol", value: ({ protocol }) => protocol, leaveOut: 3 },
  { key: "clientIp", title: "FROM", value: ({ clientIp }) => clientIp },
  { key: "clientPort", type: "number", value: ({ clientPort }) => clientPort, leaveOut: 8 },
  { key: "tunnelId", title: "TUNNEL", value: ({ tunnelId }) => tunnelId, leaveOut: 2 },
  { key: "sessionStart", type: "time", value: ({ sessionStart }) => sessionStart, leaveOut: 6 },
  { key: "sessionEnd", title: "END", type: "time", value: ({ sessionEnd }) => sessionEnd, leaveOut: 4 },
  { key: "durationMs", type: "number", value: ({ durationMs }) => durationMs, leaveOut: 7 },
  { key: "operationName", value: ({ operationName }) => operationName, leaveOut: 9 },
  { key: "userAgent", value: ({ userAgent }) => userAgent, leaveOut: 10 },
  { key: "resourceType", value: ({ resourceType }) => resourceType, leaveOut: 11 },
  { key: "bastionId", value: ({ bastionId }) => bastionId, leaveOut: 12 },
  { key: "region", value: ({ region }) => region, leaveOut: 13 },
  { key: "category", value: ({ category }) => category, leaveOut: 14 },
];

function nameOf({ targetResourceId }: AuditRecord): string | undefined {
  return targetResourceId?.split("/").at(-1);
}
