import { readPieces } from "../pieces/readPieces.ts";
import { logOf } from "../records/logOf.ts";
import type { RawEntry } from "../records/types.ts";
import { unreadablePiece } from "../records/unreadableList.ts";
import { isObject, membersOf, unlessTooDeep } from "../records/values.ts";
import { eventOf } from "./eventOf.ts";
import type { SourceEvent } from "./types.ts";

/**
 * Reads a file of activity log events in any form: blobs of the archive, responses of the REST API, output of `az monitor
 * activity-log list` or `Get-AzActivityLog`, and rows of the table `AzureActivity`. `readPieces` lists the file formats. Of an
 * event about something other than access, only its time is returned.
 *
 * @param growing whether the file is still being written to: an unfinished last event is then no lost one.
 * @param name the file name that events carry: for a copy, the name of the blob. @default file
 */
export async function* readActivityFile(file: string, growing = false, name = file): AsyncGenerator<SourceEvent> {
  for await (const piece of readPieces(file, growing)) {
    yield* "reason" in piece
      ? [unreadablePiece(name, piece)]
      : sourceEvents(piece.value, { file: name, line: piece.line });
  }
}

/**
 * Reads events that are given as values, numbered from 1 instead of by line. @param name of the source, used instead of a file
 * name.
 */
export async function* readActivityValues(name: string, values: AsyncIterable<unknown>): AsyncGenerator<SourceEvent> {
  let line = 0;
  for await (const value of values) {
    line += 1;
    yield* sourceEvents(value, { file: name, line });
  }
}

function sourceEvents(value: unknown, place: Pick<RawEntry, "file" | "line">): SourceEvent[] {
  const found = unlessTooDeep(() => {
    const log = logOf(membersOf(isObject(value) ? value : {}));
    return log === undefined || log.kind === "activity" ? eventOf(value) : { otherLog: log.name };
  });
  if ("reason" in found) return [{ unreadable: { ...place, reason: found.reason } }];
  if ("otherTime" in found || "otherLog" in found) return [found];
  const wrong = found.wrong.map((problem) => ({
    aside: { ...place, reason: `${problem}. The event is read without it.` },
  }));
  return [{ event: found.event, raw: { ...place, value } }, ...wrong];
}
