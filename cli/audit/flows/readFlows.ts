import { readPieces } from "../pieces/readPieces.ts";
import { blobHour } from "../records/blobHour.ts";
import type { RawEntry, Unreadable } from "../records/types.ts";
import { unreadablePiece, type Untold } from "../records/unreadableList.ts";
import type { FlowRow } from "../trail/types.ts";
import { flowsIn } from "./flowsIn.ts";
import { FlowFold } from "./foldFlows.ts";

/** What a source of flows gives. */
export type SourceFlow =
  | { readonly flow: FlowRow }
  /** Flows that are no inbound TCP connections: nobody logs in through them. */
  | { readonly passedOver: number }
  /** A part of a flow log that cannot be read. */
  | { readonly wrong: Unreadable }
  /** What is of no log, as far as can be told: of a folder, those who read its other logs tell it too. */
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
export async function* readFlowFiles(files: Iterable<string>): AsyncGenerator<SourceFlow> {
  const fold = new FlowFold();
  for await (const entry of flowEntries(files)) yield* "value" in entry ? sourceFlows(entry, fold) : [entry];
  yield* fold.rest().map((flow) => ({ flow }));
}

/**
 * What lies in files of flows, in the order of their hours.
 * @param nameOf what a file's entries are said to be from. Default: the file; of a copy, it is the blob.
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

/** Files that do not lie under an hour come last. */
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
