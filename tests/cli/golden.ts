import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Io } from "../../cli/io.ts";
import { fakeIo, type FakeOptions } from "./fakeIo.ts";

const widths = [60, 80, 100, 132] as const;

/** What is on stdout in terminals of several widths. */
export async function atAllWidths(print: (io: Io) => Promise<unknown>, fake: FakeOptions = {}): Promise<string> {
  let text = "";
  for (const columns of widths) {
    const io = fakeIo({ ...fake, columns });
    await print(io);
    text += `--- ${columns} columns\n${io.written.stdout}`;
  }
  return text;
}

/**
 * Compares with the file of a command in `tables/`: `activity --only requests` is `activity-only-requests.txt`. With
 * UPDATE_TABLES=1 it is written before.
 */
export async function assertTable(command: string, pending: Promise<string>): Promise<void> {
  const text = await pending;
  const file = join(import.meta.dirname, "tables", `${command.replaceAll(/ -*/g, "-")}.txt`);
  if (process.env.UPDATE_TABLES === "1") {
    writeFileSync(file, text);
  }
  assert.ok(existsSync(file), `${file} is missing: write it with UPDATE_TABLES=1`);
  assert.equal(text, readFileSync(file, "utf8"));
}
