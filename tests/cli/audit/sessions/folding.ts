import assert from "node:assert/strict";
import type { Session, SessionFilter } from "../../../../cli/audit/records/types.ts";
import { foldFolder } from "../../../../cli/audit/sessions/foldFolder.ts";
import { blobRecord, lines, LogFolder, readAll, type Read } from "../auditLines.ts";

export const now = new Date("2026-05-04T10:30:00Z");
export const at = (time: string): string => `2026-05-04T${time}.000Z`;

export async function fold(contents: string[], filter: SessionFilter = {}): Promise<Read> {
  using folder = new LogFolder();
  const files = contents.map((content, index) => folder.write(`${index}.json`, content));
  return await readAll(await foldFolder({ files, filter, now }));
}

export async function only(records: unknown[], filter?: SessionFilter): Promise<Session> {
  const { sessions } = await fold([lines(...records)], filter);
  assert.equal(sessions.length, 1);
  return sessions[0]!;
}

export const end = blobRecord(
  { sessionStartTime: at("10:00:00"), sessionEndTime: at("10:20:00"), duration: 1_200_500 },
  { time: at("10:20:01") },
);
