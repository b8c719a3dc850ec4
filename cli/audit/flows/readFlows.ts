import { readPieces } from "../pieces/readPieces.ts";
import { blobHour } from "../records/blobHour.ts";
import type { Unreadable } from "../records/types.ts";
import { unreadablePiece, type Untold } from "../records/unreadableList.ts";
import type { FlowRow } from "../trail/types.ts";
import { flowsIn } from "./flowsIn.ts";
import { FlowFold } from "./foldFlows.ts";

/** What a source of flows gives. */
export type SourceFlow =
  | { readonly flow: FlowRow }
  /** Flows that are no inbound TCP connections: nobody logs in through them. */
  | { readonly passedOver: number }
  | Untold
  /** Name of its category or table. */
  | { readonly otherLog: string };

/**
 * Reads files of flows in any form that `readPieces` knows: blobs of a virtual network flow log (`{"records": [...]}`), whatever
 * their path, and exported rows of `NTANetAnalytics`. A tuple or a row that cannot be read is told, and the others are read.
 *
 * The tuples of one connection may lie in the blobs of several hours, so the files come together, and are read in the order of
 * their hours. Two copies of one blob may give the same row twice.
 */
export async function* readFlowFiles(files: Iterable<string>, signal?: AbortSignal): AsyncGenerator<SourceFlow> {
  const fold = new FlowFold();
  for (const file of [...files].sort(byHour)) {
    signal?.throwIfAborted();
    for await (const piece of readPieces(file)) {
      yield* "reason" in piece
        ? [unreadablePiece(file, piece)]
        : sourceFlows(piece.value, { file, line: piece.line }, fold);
    }
  }
  yield* fold.rest().map((flow) => ({ flow }));
}

/** Rows that came as values, numbered from 1 in the place of lines. @param name of the source, in the place of a file. */
export async function* readFlowValues(name: string, values: AsyncIterable<unknown>): AsyncGenerator<SourceFlow> {
  const fold = new FlowFold();
  let line = 0;
  for await (const value of values) {
    line += 1;
    yield* sourceFlows(value, { file: name, line }, fold);
  }
  yield* fold.rest().map((flow) => ({ flow }));
}

/** Files that do not lie under an hour come last. */
function byHour(one: string, other: string): number {
  const [hour, otherHour] = [blobHour(one) ?? Infinity, blobHour(other) ?? Infinity];
  return hour === otherHour ? 0 : hour - otherHour;
}

function sourceFlows(value: unknown, place: Pick<Unreadable, "file" | "line">, fold: FlowFold): SourceFlow[] {
  const found = flowsIn(value);
  if ("reason" in found) return [{ unreadable: { ...place, reason: found.reason } }];
  if ("otherLog" in found) return [found];
  return [
    ...[...found.rows, ...found.tuples.flatMap((tuple) => fold.add(tuple))].map((flow) => ({ flow })),
    ...(found.passedOver === 0 ? [] : [{ passedOver: found.passedOver }]),
    ...found.wrong.map((reason) => ({ unreadable: { ...place, reason } })),
  ];
}
