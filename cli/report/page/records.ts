/** Reads the raw records of a session, a request or a rule from their blocks. */
import { blockElementId, blockSize, type PageRecord, type RecordBlock, type RecordKind } from "../pageData.ts";
import { readElement } from "./decode.ts";

export type RecordSource = (kind: RecordKind, index: number) => Promise<readonly PageRecord[]>;

/** Caches the most recently opened blocks. */
export function recordSource(): RecordSource {
  const opened = new Map<string, Promise<unknown>>();
  return async (kind, index) => {
    const id = blockElementId(kind, Math.floor(index / blockSize));
    const pending = opened.get(id) ?? readElement(id);
    opened.delete(id);
    opened.set(id, pending);
    for (const oldest of [...opened.keys()].slice(0, -keptBlocks)) opened.delete(oldest);
    const block = (await pending) as RecordBlock | undefined;
    return block?.[index % blockSize] ?? [];
  };
}

const keptBlocks = 8;
