/** Writes a trail as one self-contained HTML file. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { TrailRow } from "../audit/trail/types.ts";
import {
  blockElementId,
  blockSize,
  dataElementId,
  type PageAbout,
  type PageData,
  type PageRecord,
  type RecordBlock,
  type RecordKind,
} from "./pageData.ts";
import { SessionWriter } from "./sessionColumns.ts";
import { pageTemplate } from "./pageTemplate.ts";

const zipped = promisify(gzip);

/** A session with the records that it was made of. */
export interface SessionWithRecords {
  readonly session: TrailRow;
  readonly records: readonly PageRecord[];
}

export interface PageInput extends Pick<PageData, "grants" | "rules" | "coverage" | "unreadable"> {
  readonly about: PageAbout;
  /** Sorted by start. */
  readonly sessions: AsyncIterable<SessionWithRecords> | Iterable<SessionWithRecords>;
  /** The records of a request. */
  readonly recordsOfRequest: (id: string) => readonly PageRecord[];
  /** The records of one of `rules`, by its index. */
  readonly recordsOfRule: (index: number) => readonly PageRecord[];
}

/** @returns the file in pieces. What is held of a session until all are read is its row, not its records. */
export async function* pageFile(input: PageInput): AsyncGenerator<string> {
  const template = await pageTemplate();
  const [head = "", middle = "", tail = ""] = template.split(/<!-- (?:data|records) -->/);
  const { about, grants, rules, coverage, unreadable } = input;
  const writer = new SessionWriter();
  const blocks: string[] = [];
  const sessionBlocks = new BlockWriter("session");
  for await (const { session, records } of input.sessions) {
    writer.add(session);
    blocks.push(...(await sessionBlocks.add(records)));
  }
  const requests = writer.requestsWith(grants);
  const data: PageData = { about, ...writer.written(), requests, grants, rules, coverage, unreadable };
  yield head;
  yield await elementOf(dataElementId, data);
  yield middle;
  yield* blocks;
  yield* await sessionBlocks.end();
  yield* blocksOf(
    "request",
    requests.map(({ id }) => input.recordsOfRequest(id)),
  );
  yield* blocksOf(
    "rule",
    rules.map((_, index) => input.recordsOfRule(index)),
  );
  yield tail;
}

async function* blocksOf(kind: RecordKind, all: readonly (readonly PageRecord[])[]): AsyncGenerator<string> {
  const writer = new BlockWriter(kind);
  for (const records of all) yield* await writer.add(records);
  yield* await writer.end();
}

/** Gathers records until a block is full. */
class BlockWriter {
  readonly #kind: RecordKind;
  #count = 0;
  #pending: (readonly PageRecord[])[] = [];

  constructor(kind: RecordKind) {
    this.#kind = kind;
  }

  async add(records: readonly PageRecord[]): Promise<string[]> {
    this.#pending.push(records);
    return this.#pending.length < blockSize ? [] : this.end();
  }

  /** @returns the block that is not full, if there is one. */
  async end(): Promise<string[]> {
    if (this.#pending.length === 0) return [];
    const id = blockElementId(this.#kind, this.#count);
    this.#count += 1;
    const block = await elementOf(id, this.#pending satisfies RecordBlock);
    this.#pending = [];
    return [block];
  }
}

/** An element that no browser runs or shows. Base64 holds nothing that could end it. */
async function elementOf(id: string, value: unknown): Promise<string> {
  const bytes = await zipped(JSON.stringify(value), { level: 9 });
  return `<script type="application/gzip" id="${id}">${bytes.toString("base64")}</script>\n`;
}
