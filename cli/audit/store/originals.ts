/** Finds the original bytes of stored records. The bytes are the evidence, and the stored columns are an index of it. */
import { fieldNames } from "../fields.ts";
import { bytesOf } from "../pieces/bytesOf.ts";
import { readPieces } from "../pieces/readPieces.ts";
import { sourceRecords } from "../records/readRecords.ts";
import type { FoundRecord } from "../records/types.ts";
import { openEngine, type Engine } from "./engine.ts";
import { createEvidence } from "./evidence.ts";
import { rowOf } from "./loader.ts";
import { fileEvidence, type FileEvidenceOptions } from "./readEvidence.ts";
import type { Source } from "./segment.ts";
import { hashesOf } from "./sourceFile.ts";
import { quote } from "./sqlText.ts";
import type { UsedSegment } from "./store.ts";

/** A session of the trail. */
export interface OneSession {
  /** Null if the only record of the session names no tunnel. */
  readonly tunnelId: string | null;
  /** ISO 8601. */
  readonly start: string;
}

/** Bytes of a source, with the session's records in them. */
export interface Original {
  readonly records: readonly FoundRecord[];
  /** Path of the file, or of the copy of a blob. */
  readonly file: string;
  /** SHA-256 of the whole file, in hexadecimal digits. */
  readonly sha256: string;
  /** Line on which the record begins, from 1. */
  readonly line: number;
  /** Byte offset of that line in the decompressed file. */
  readonly offset: number;
  /** The bytes from there to the line on which the next record begins. */
  readonly bytes: Buffer;
}

/** Explains in one sentence why the bytes of a record cannot be shown. */
export class OriginalChangedError extends Error {
  override readonly name = "OriginalChangedError";
}

/**
 * Yields the originals of one session. If the store has all files, reads only those with a record of the session.
 * @param memoryLimitMb memory for DuckDB.
 * @throws OriginalChangedError if a file is written to at the same time.
 */
export async function* originalsInFiles(
  options: FileEvidenceOptions,
  { tunnelId, start }: OneSession,
  memoryLimitMb: number,
): AsyncGenerator<Original> {
  const engine = await openEngine(memoryLimitMb);
  try {
    const { segments } = await fileEvidence(engine, options);
    await createEvidence(engine, segments);
    const [condition, values] =
      tunnelId === null
        ? [`"tunnelId" IS NULL AND $start IN ("time", "sessionStart")`, { start: BigInt(Date.parse(start)) }]
        : [`lower("tunnelId") = lower($tunnelId)`, { tunnelId }];
    for (const [session = 0] of await engine.rows(`SELECT DISTINCT session FROM evidence WHERE ${condition}`, values)) {
      yield* originalsOf(engine, segments, BigInt(session ?? 0));
    }
  } finally {
    engine.close();
  }
}

/**
 * Yields the originals of one session, file by file, including duplicates.
 * @param session the key in the relations `evidence` and `sessions`.
 * @throws OriginalChangedError if a file has changed since it was stored.
 */
export async function* originalsOf(
  engine: Engine,
  segments: readonly UsedSegment[],
  session: bigint,
): AsyncGenerator<Original> {
  const rows = await engine.rows(
    `SELECT segment, source, ${fieldNames.map(quote).join(", ")} FROM evidence WHERE session = ${session} ORDER BY ALL`,
  );
  const files = new Map<Source, Set<string>>();
  for (const [segment, source, ...facts] of rows) {
    const file = segments[Number(segment)]?.sources[Number(source)];
    if (file !== undefined) files.set(file, (files.get(file) ?? new Set()).add(textOf(facts)));
  }
  for (const [file, wanted] of files) yield* originalsIn(file, wanted);
}

async function* originalsIn({ name, sha256 }: Source, wanted: ReadonlySet<string>): AsyncGenerator<Original> {
  const [now] = await hashesOf([name]);
  if (sha256 === null || now !== sha256) {
    throw new OriginalChangedError(`${name} is not what was read before: its SHA-256 was ${sha256 ?? "not known"}.`);
  }
  const places: { readonly line: number; next: number; readonly records: readonly FoundRecord[] }[] = [];
  let last: { next: number } | undefined;
  for await (const { line, ...piece } of readPieces(name)) {
    if (line === null) continue;
    if (last !== undefined) last.next = line;
    const found = "value" in piece ? sourceRecords(piece.value, { file: name, line }) : [];
    const records = found.flatMap((one) => ("record" in one && wanted.has(textOf(rowOf(one.record))) ? [one] : []));
    const place = { line, next: Infinity, records };
    if (records.length > 0) places.push(place);
    last = place;
  }
  for (const { line, next, records } of places) {
    yield { records, file: name, sha256, line, ...(await lines(name, line, Math.max(next, line + 1))) };
  }
}

/** Reads some lines of a file. */
async function lines(file: string, first: number, next: number): Promise<{ offset: number; bytes: Buffer }> {
  const parts: Buffer[] = [];
  let line = 1;
  let read = 0;
  let offset = 0;
  for await (const chunk of bytesOf(file)) {
    for (let from = 0; from < chunk.length && line < next;) {
      const end = chunk.indexOf(0x0a, from) + 1 || chunk.length;
      if (line >= first) parts.push(chunk.subarray(from, end));
      else offset = read + end;
      if (chunk[end - 1] === 0x0a) line += 1;
      from = end;
    }
    read += chunk.length;
    if (line >= next) break;
  }
  return { offset, bytes: Buffer.concat(parts) };
}

const textOf = (facts: readonly unknown[]): string => facts.map(String).join("\u0000");
