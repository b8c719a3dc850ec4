import { readPieces } from "../pieces/readPieces.ts";
import { blobHour } from "../records/blobHour.ts";
import type { RawEntry, Unreadable } from "../records/types.ts";
import { unreadablePiece, type Untold } from "../records/unreadableList.ts";
import type { FlowRow } from "../trail/types.ts";
import { flowsIn } from "./flowsIn.ts";
import { FlowFold } from "./foldFlows.ts";

/** What a source of flows yields. */
export type SourceFlow =
  | { readonly flow: FlowRow }
  /** Number of flows that are not inbound TCP connections, so nobody logs in through them. */
  | { readonly passedOver: number }
  /** A part of a flow log that cannot be read. */
  | { readonly wrong: Unreadable }
  /** Something unreadable that belongs to no known log. In a folder, the readers of its other logs report it too. */
  | Untold
  /** Name of the other log's category or table. */
  | { readonly otherLog: string };

/**
 * Reads files of flows in any form that `readPieces` knows: blobs of a virtual network flow log (`{"records": [...]}`), under
 * any path, and exported rows of `NTANetAnalytics`. An unreadable tuple or row is reported, and the others are read.
 *
 * The tuples of one connection may be spread over the blobs of several hours, so all files are read together, in the order of
 * their hours. Two copies of one blob may yield the same row twice.
 */
export async function* readFlowFiles(files: Iterable<string>): AsyncGenerator<SourceFlow> {
  const fold = new FlowFold();
  for await (const entry of flowEntries(files)) yield* "value" in entry ? sourceFlows(entry, fold) : [entry];
  yield* fold.rest().map((flow) => ({ flow }));
}

/**
 * Reads the entries of files of flows, in the order of their hours.
 * @param nameOf the file name that entries carry: for a copy, the name of the blob. Default: the file.
 */
export async function* flowEntries(
  files: Iterable<string>,
  nameOf: (file: string) => string = (file) => file,
): AsyncGenerator<RawEntry | Untold> {
  for (const file of [...files].sort(byHour)) {
    const name = nameOf(file);
    for await (const piece of readPieces(file)) {
      yield "reason" in piece ? unreadablePiece(name, piece) : { file: name, line: piece.line, value: piece.value };
    }
  }
}

/** Files whose path names no hour come last. */
function byHour(one: string, other: string): number {
  const [hour, otherHour] = [blobHour(one) ?? Infinity, blobHour(other) ?? Infinity];
  return hour === otherHour ? 0 : hour - otherHour;
}

function sourceFlows({ value, ...place }: RawEntry, fold: FlowFold): SourceFlow[] {
  const found = flowsIn(value);
  if ("reason" in found) return [{ unreadable: { ...place, reason: found.reason } }];
  if ("otherLog" in found) return [found];
  return [
    ...[...found.rows, ...found.tuples.flatMap((tuple) => fold.add(tuple))].map((flow) => ({ flow })),
    ...(found.passedOver === 0 ? [] : [{ passedOver: found.passedOver }]),
    ...found.wrong.map((reason) => ({ wrong: { ...place, reason } })),
  ];
}
