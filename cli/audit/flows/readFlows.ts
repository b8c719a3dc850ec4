import { readPieces } from "../pieces/readPieces.ts";
import { blobHour } from "../records/blobHour.ts";
import type { RawEntry, Unreadable } from "../records/types.ts";
import { unreadablePiece, type Untold } from "../records/unreadableList.ts";
import { instantOf, isObject, memberOf, textOf } from "../records/values.ts";
import type { FlowRow } from "../trail/types.ts";
import { flowsIn } from "./flowsIn.ts";
import { FlowFold } from "./foldFlows.ts";
import { hourMs } from "../../time.ts";

/** What a source of flows yields. */
export type SourceFlow =
  | { readonly flow: FlowRow }
  /** Number of flows that are not inbound TCP connections, so nobody logs in through them. */
  | { readonly passedOver: number }
  /** A part of a flow log that cannot be read. */
  | { readonly wrong: Unreadable }
  /** An impossible value, without which its row is read. */
  | { readonly odd: Unreadable }
  /** Something unreadable that belongs to no known log. In a folder, the readers of its other logs report it too. */
  | Untold
  /** Name of the other log's category or table. */
  | { readonly otherLog: string };

/**
 * Reads files of flows in any form that `readPieces` knows: blobs of a virtual network flow log (`{"records": [...]}`), under
 * any path, and exported rows of `NTANetAnalytics`. An unreadable tuple or row is reported, and the others are read.
 *
 * The tuples of one connection may be spread over the blobs of several hours, so all files are read together, in the order of
 * time. Two copies of one blob may yield the same row twice. A connection whose tuples are more than an hour apart has several rows,
 * because a file that was joined may have the hour between them elsewhere.
 */
export async function* readFlowFiles(files: Iterable<string>): AsyncGenerator<SourceFlow> {
  const fold = new FlowFold({ mostApartMs: hourMs });
  for await (const entry of flowEntries(files)) yield* "value" in entry ? sourceFlows(entry, fold) : [entry];
  yield* fold.rest().map((flow) => ({ flow }));
}

/**
 * Reads the entries of files of flows, in the order of time.
 * @param nameOf the file name that entries carry: for a copy, the name of the blob. Default: the file.
 */
export async function* flowEntries(
  files: Iterable<string>,
  nameOf: (file: string) => string = (file) => file,
): AsyncGenerator<RawEntry | Untold> {
  for (const file of await inOrder([...files])) {
    const name = nameOf(file);
    for await (const piece of readPieces(file)) {
      yield "reason" in piece ? unreadablePiece(name, piece) : { file: name, line: piece.line, value: piece.value };
    }
  }
}

/** Sorts files by the hour in their path, else by their first record: a browser saves every blob as `PT1H.json`. */
async function inOrder(files: readonly string[]): Promise<readonly string[]> {
  if (files.length < 2) return files;
  const times = new Map<string, number>();
  for (const file of files) times.set(file, blobHour(file) ?? (await firstTimeIn(file)));
  const timeOf = (file: string): number => times.get(file) ?? Infinity;
  return files.toSorted((one, other) => (timeOf(one) === timeOf(other) ? 0 : timeOf(one) - timeOf(other)));
}

/** Returns the time of a file's first record of a flow log; infinite if it has none. */
async function firstTimeIn(file: string): Promise<number> {
  for await (const piece of readPieces(file)) {
    if ("reason" in piece) continue;
    const time = isObject(piece.value) ? instantOf(textOf(memberOf(piece.value, "time"))) : null;
    return time === null ? Infinity : Date.parse(time);
  }
  return Infinity;
}

function sourceFlows({ value, ...place }: RawEntry, fold: FlowFold): SourceFlow[] {
  const found = flowsIn(value);
  if ("reason" in found) return [{ unreadable: { ...place, reason: found.reason } }];
  if ("otherLog" in found) return [found];
  return [
    ...[...found.rows, ...found.tuples.flatMap((tuple) => fold.add(tuple))].map((flow) => ({ flow })),
    ...(found.passedOver === 0 ? [] : [{ passedOver: found.passedOver }]),
    ...found.wrong.map((reason) => ({ wrong: { ...place, reason } })),
    ...found.odd.map((reason) => ({ odd: { ...place, reason } })),
  ];
}
