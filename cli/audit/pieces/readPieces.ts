import { BinaryFormError } from "./binaryForm.ts";
import { isDamagedData } from "./bytesOf.ts";
import { flowTable, logOf } from "../records/logOf.ts";
import { membersOf } from "../records/values.ts";
import { cannotRead } from "../../files/fileProblem.ts";
import { CsvFinder } from "./csvFinder.ts";
import { aboveHeader, csvHeader } from "./csvHeader.ts";
import { JsonFinder } from "./jsonFinder.ts";
import { linesOf, tooLong, type FileLine } from "./linesOf.ts";
import { DateOrders, isoDate, needsOrder, type DateOrder } from "./localDate.ts";
import { hasLogName, mayBeLog } from "./otherForms.ts";
import { beginsJson } from "./parseJson.ts";
import { reasons, type Damage, type FileText, type Finder, type Piece, type Row } from "./piece.ts";

/** What is found in any text, even in one that is no log. */
const ofAnyText: readonly string[] = [reasons.json, reasons.object, reasons.text];

/** Lines that are searched for the first value. */
const mostTried = 10_000;

/**
 * Finds the values of a log file of any name and form: JSON lines, pretty-printed objects, arrays, `{"records": [...]}`,
 * responses of the REST APIs, CSV; UTF-8 or UTF-16, with or without a byte order mark, with LF or CRLF, uncompressed or
 * compressed with gzip or Zstandard. What is not a value is returned with its line and the reason, and so is a file that cannot
 * be opened.
 *
 * @param growing whether the file is still being written to: an unfinished last value is then no lost one.
 */
export async function* readPieces(file: string, growing = false): AsyncGenerator<Piece> {
  // A file that is not a log is reported once, not for each of its lines.
  let held: Piece[] = [];
  let isLog = false;
  for await (const piece of datedPieces(file, growing)) {
    isLog ||= "value" in piece || !ofAnyText.includes(piece.reason);
    held.push(piece);
    if (isLog) {
      yield* held;
      held = [];
    } else if (held.length === mostTried) {
      break;
    }
  }
  if (held.length > 0) {
    const what = held.length < mostTried ? "This file" : `The beginning of this file, ${held.length} lines,`;
    const damage = { line: null, reason: `${what} is neither JSON nor CSV with a column for the time.` };
    yield (await mayBeLog(file, mostTried)) ? damage : { ...damage, isAside: true };
  }
}

/** Like `piecesOf`, with ISO 8601 dates where a date itself, or all dates of the file together, tell what it means. */
async function* datedPieces(file: string, growing: boolean): AsyncGenerator<Piece> {
  let order: Promise<DateOrder | undefined> | undefined;
  let hasToldZone = false;
  for await (const piece of piecesOf(file, growing)) {
    if (!("dated" in piece)) {
      yield piece;
      continue;
    }
    const { line, value, dated, lacksZone } = piece;
    if (dated.some(([, date]) => needsOrder(date))) order ??= orderIn(file);
    const known = await order;
    const dates = dated.map(([column, date]) => [column, isoDate(date, known), date.text] as const);
    const isRead = dates.some(([, iso, text]) => iso !== text);
    if (lacksZone && isRead && !hasToldZone && mayBeRead(value)) {
      yield { line, reason: reasons.zone, isAside: true };
      hasToldZone = true;
    }
    yield { line, value: { ...value, ...Object.fromEntries(dates.map(([column, iso]) => [column, iso])) } };
  }
}

/** Returns whether a row may belong to a log that is read. */
function mayBeRead(row: Row): boolean {
  const log = logOf(membersOf(row));
  return log?.kind !== "other" || log.name === flowTable;
}

/** Returns the order that all dates of a file have. */
async function orderIn(file: string): Promise<DateOrder | undefined> {
  const orders = new DateOrders();
  for await (const piece of piecesOf(file, false)) {
    if (!("dated" in piece)) continue;
    for (const [, date] of piece.dated) orders.add(date);
  }
  return orders.order;
}

async function* piecesOf(file: string, growing: boolean): AsyncGenerator<Piece> {
  const finder = new FileFinder();
  let problem: Damage | undefined;
  try {
    for await (const lines of linesOf(file)) {
      lines.forEach((line) => {
        finder.add(line);
      });
      yield* finder.drain();
    }
  } catch (error) {
    problem = damageOf(error, file, finder.lines);
  }
  finder.end(growing);
  yield* finder.drain();
  if (problem !== undefined) {
    yield problem;
  }
}

/** The line end in files of old Mac programs. It never occurs inside a JSON string. */
const crAlone = /\r(?!$)/;

/**
 * What may be before the text of a line: a byte order mark, also where files were joined, and the separator of JSON text sequences
 * (RFC 7464), as from `jq --seq`.
 */
const lineMark = /^\uFEFF?\u001E?/;

/** Returns the damage for an error that ended the reading of a file. */
function damageOf(error: unknown, file: string, lines: number): Damage {
  if (error instanceof BinaryFormError) {
    return { line: null, reason: error.message, isAside: !hasLogName(file) };
  }
  return isDamagedData(error)
    ? { line: Math.max(1, lines), reason: "The compressed data is cut off or damaged: nothing after this is read." }
    : { line: null, reason: cannotRead(error) };
}

/** Lines above the header of CSV, such as a title, after which it is no longer looked for. */
const mostAbove = 20;

/** Finds values in the format that the first line with content indicates; CSV may have a title above its header. */
class FileFinder {
  /** Number of lines so far. */
  lines = 0;
  #finder: Finder = new JsonFinder();
  #hasBegun = false;
  /** Lines with content before the beginning. */
  readonly #above: FileText[] = [];
  #endsWithCr = false;

  add(line: FileLine): void {
    this.#endsWithCr ||= !this.#hasBegun && typeof line === "string" && crAlone.test(line);
    const lines: readonly FileLine[] = this.#endsWithCr && typeof line === "string" ? line.split(crAlone) : [line];
    lines.forEach((one) => {
      this.#take(one);
    });
  }

  #take(line: FileLine): void {
    this.lines += 1;
    if (line === tooLong) {
      this.#begin();
      this.#finder.addTooLong(this.lines);
      return;
    }
    const text = line?.replace(lineMark, "");
    if (!this.#hasBegun) {
      if (text?.trim() === "" || (text !== undefined && aboveHeader.test(text))) {
        return;
      }
      const header = text === undefined ? undefined : csvHeader(text);
      if (header !== undefined) {
        this.#finder = new CsvFinder(header, this.#above.splice(0));
      } else if (this.#above.length < mostAbove && (text === undefined || !beginsJson(text))) {
        this.#above.push({ number: this.lines, text });
        return;
      }
      this.#begin();
    }
    this.#finder.add(this.lines, text);
  }

  /** Reads the lines before the beginning too. */
  #begin(): void {
    this.#hasBegun = true;
    for (const { number, text } of this.#above.splice(0)) this.#finder.add(number, text);
  }

  end(growing: boolean): void {
    this.#begin();
    this.#finder.end(growing);
  }

  drain(): Piece[] {
    return this.#finder.drain();
  }
}
