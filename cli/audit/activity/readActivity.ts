import { readPieces } from "../pieces/readPieces.ts";
import { logOf } from "../records/logOf.ts";
import type { RawEntry } from "../records/types.ts";
import { unreadablePiece } from "../records/unreadableList.ts";
import { isObject, membersOf, unlessTooDeep } from "../records/values.ts";
import { eventOf } from "./eventOf.ts";
import type { SourceEvent } from "./types.ts";

/**
 * Reads a file of activity log events in any form: blobs of the archive, what the REST API, `az monitor activity-log list` or
 * `Get-AzActivityLog` answered, rows of the table `AzureActivity`; see `readPieces` for the forms of files. Events about something
 * else than access come with their time only.
 *
 * @param growing whether the file is still being written to: then an unfinished last event is left for the next read.
 * @param name what events are said to be from. Default: the file; of a copy, it is the blob.
 */
export async function* readActivityFile(file: string, growing = false, name = file): AsyncGenerator<SourceEvent> {
  for await (const piece of readPieces(file, growing)) {
    yield* "reason" in piece
      ? [unreadablePiece(name, piece)]
      : sourceEvents(piece.value, { file: name, line: piece.line });
  }
}

/** Events that came as values, numbered from 1 in the place of lines. @param name of the source, in the place of a file. */
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
