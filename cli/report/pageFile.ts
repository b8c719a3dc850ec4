/** Writes a trail as one self-contained HTML file. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { TrailRequest, TrailRow, TrailRuleRow } from "../audit/trail/types.ts";
import {
  blockElementId,
  blockSize,
  dataElementId,
  type PageData,
  type PageRecord,
  type RecordBlock,
  type RecordKind,
} from "./pageData.ts";
import { SessionWriter } from "./sessionColumns.ts";
import { pageTemplate } from "./pageTemplate.ts";

const zipped = promisify(gzip);

/** A session with the records behind it. */
export interface SessionWithRecords {
  readonly session: TrailRow;
  /** Id of its rule, as in `ruleIds`; null if the activity log does not have the rule. */
  readonly ruleId: string | null;
  readonly records: readonly PageRecord[];
}

/** The page's data apart from the sessions. */
export type PageSurroundings = Pick<PageData, "about" | "grants" | "rules" | "coverage" | "unread" | "unreadable">;

export interface PageInput {
  /** In order of start. */
  readonly sessions: AsyncIterable<SessionWithRecords> | Iterable<SessionWithRecords>;
  /** Called after all sessions were read, because only then it is known how many used a grant. */
  readonly surroundings: () => PageSurroundings;
  /** Ids of the rules, in their order. */
  readonly ruleIds: () => readonly string[];
  readonly recordsOfRequest: (request: TrailRequest) => readonly PageRecord[];
  readonly recordsOfRule: (rule: TrailRuleRow) => readonly PageRecord[];
}

/** @returns the file in pieces. Until all sessions are read, only their rows and compressed records are in memory. */
export async function* pageFile(input: PageInput): AsyncGenerator<string> {
  const template = await pageTemplate();
  const [head = "", middle = "", tail = ""] = template.split(/<!-- (?:data|records) -->/);
  const writer = new SessionWriter();
  const blocks: string[] = [];
  const sessionBlocks = new BlockWriter("session");
  for await (const { session, ruleId, records } of input.sessions) {
    writer.add(session, ruleId);
    blocks.push(...(await sessionBlocks.add(records)));
  }
  const surroundings = input.surroundings();
  const requests = writer.requestsWith(surroundings.grants);
  const data: PageData = { ...surroundings, ...writer.written(input.ruleIds()), requests };
  yield head;
  yield await elementOf(dataElementId, data);
  yield middle;
  yield* blocks;
  yield* await sessionBlocks.end();
  yield* blocksOf("request", requests.map(input.recordsOfRequest));
  yield* blocksOf("rule", surroundings.rules.map(input.recordsOfRule));
  yield tail;
}

async function* blocksOf(kind: RecordKind, all: readonly (readonly PageRecord[])[]): AsyncGenerator<string> {
  const writer = new BlockWriter(kind);
  for (const records of all) yield* await writer.add(records);
  yield* await writer.end();
}

/** Collects records until a block is full. */
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

  /** @returns the last, incomplete block, if there is one. */
  async end(): Promise<string[]> {
    if (this.#pending.length === 0) return [];
    const id = blockElementId(this.#kind, this.#count);
    this.#count += 1;
    const block = await elementOf(id, this.#pending satisfies RecordBlock);
    this.#pending = [];
    return [block];
  }
}

/** An element that browsers neither run nor show. Base64 cannot contain its end tag. */
async function elementOf(id: string, value: unknown): Promise<string> {
  const bytes = await zipped(JSON.stringify(value), { level: 9 });
  return `<script type="application/gzip" id="${id}">${bytes.toString("base64")}</script>\n`;
}
