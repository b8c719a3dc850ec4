import { readPieces } from "../records/readPieces.ts";
import { isObject } from "../records/values.ts";
import { eventOf } from "./eventOf.ts";
import type { SourceEvent } from "./types.ts";

/**
 * Reads a file of activity log events in any form: blobs of the archive, what the REST API or `az monitor activity-log list`
 * answered, rows of the table `AzureActivity`; see `readPieces` for the forms of JSON. Events about something else than
 * access come with their time only.
 *
 * @param growing whether the file is still being written to: then an unfinished last event is left for the next read.
 */
export async function* readActivityFile(file: string, growing = false): AsyncGenerator<SourceEvent> {
  for await (const piece of readPieces(file, growing)) {
    const { line } = piece;
    for (const found of "reason" in piece ? [piece] : valuesIn(piece.value).map(eventOf)) {
      yield "reason" in found ? { unreadable: { file, line, reason: found.reason } } : found;
    }
  }
}

/** Events that came as values, numbered from 1 in the place of lines. @param name of the source, in the place of a file. */
export async function* readActivityValues(name: string, values: AsyncIterable<unknown>): AsyncGenerator<SourceEvent> {
  let line = 0;
  for await (const value of values) {
    line += 1;
    const found = eventOf(value);
    yield "reason" in found ? { unreadable: { file: name, line, reason: found.reason } } : found;
  }
}

/** A saved answer of the REST API is one object with all events of a page in it. */
function valuesIn(value: unknown): readonly unknown[] {
  return isObject(value) && Array.isArray(value.value) ? (value.value as unknown[]) : [value];
}
