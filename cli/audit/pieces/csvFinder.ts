import { aboveHeader, cellsIn, csvHeader, type CsvHeader } from "./csvHeader.ts";
import { pieceOfRow } from "./datedRow.ts";
import { JsonFinder } from "./jsonFinder.ts";
import { beginsJson } from "./parseJson.ts";
import { longest, reasons, type FileText, type Finder, type Line, type Piece } from "./piece.ts";

/** What an empty row lacks: Excel writes its delimiters. */
const content = /[^\s,;"]/;

/**
 * Finds the rows of a CSV file (RFC 4180) below its header, each an object of texts keyed by column name. A damaged row never
 * affects the rows after it.
 */
export class CsvFinder implements Finder {
  #header: CsvHeader;
  readonly #found: Piece[] = [];
  /** The lines of a row that continues in the next line, because a quotation mark is open. */
  #open: Line[] = [];
  #length = 0;
  #isQuoted = false;

  /** @param above what is above the header. */
  constructor(header: CsvHeader, above: readonly FileText[] = []) {
    this.#header = header;
    for (const { number, text } of above) this.#damage(number, text === undefined ? reasons.rowText : reasons.row);
  }

  add(number: number, text: string | undefined): void {
    if (text === undefined) {
      this.#breakOff();
      this.#damage(number, reasons.rowText);
    } else {
      this.#take({ number, text });
    }
  }

  addTooLong(number: number): void {
    this.#breakOff();
    this.#damage(number, reasons.long);
  }

  end(growing: boolean): void {
    const [first] = growing ? this.#clear() : [];
    if (first !== undefined) {
      this.#found.push({ line: first.number, reason: reasons.unfinished, isAside: true });
    }
    this.#breakOff();
  }

  drain(): Piece[] {
    return this.#found.splice(0);
  }

  #take(line: Line): void {
    this.#open.push(line);
    this.#length += line.text.length;
    this.#isQuoted = this.#isQuoted !== (line.text.split('"').length % 2 === 0);
    if (!this.#isQuoted) {
      this.#close();
    } else if (this.#length > longest) {
      this.#breakOff();
    }
  }

  /** Reads the open lines as a row. */
  #close(): void {
    const lines = this.#clear();
    const [first] = lines;
    const row = lines.map(({ text }) => text).join("\n");
    if (first === undefined || !content.test(row) || aboveHeader.test(row)) {
      return;
    }
    // Files that were joined have a header each, maybe of other columns.
    const header = csvHeader(row);
    if (header !== undefined) {
      this.#header = header;
      return;
    }
    const { form, columns, timeColumns } = this.#header;
    const cells = cellsIn(row, form);
    if (cells?.length === columns.length) {
      const value = rowOf(columns, cells);
      this.#found.push(...(rawPieces(first.number, value) ?? [pieceOfRow(first.number, value, timeColumns)]));
      return;
    }
    this.#retry(
      lines,
      cells === undefined || lines.length > 1
        ? reasons.row
        : `The header has ${columns.length} columns, this row has ${cells.length}.`,
    );
  }

  /** Gives up the open row. */
  #breakOff(): void {
    while (this.#open.length > 0) {
      this.#retry(this.#clear(), reasons.row);
    }
  }

  /** Reports the first line as damaged and reads the others again. */
  #retry([first, ...others]: readonly Line[], reason: string): void {
    if (first !== undefined) {
      this.#damage(first.number, reason);
    }
    others.forEach((line) => {
      this.#take(line);
    });
  }

  #clear(): Line[] {
    const lines = this.#open;
    this.#open = [];
    this.#length = 0;
    this.#isQuoted = false;
    return lines;
  }

  #damage(line: number, reason: string): void {
    this.#found.push({ line, reason });
  }
}

/**
 * Returns what is in the text of an entry, which Splunk exports in the column `_raw` beside facts of its own; `undefined` if that is
 * no JSON.
 */
function rawPieces(line: number, { _raw: text = "" }: Readonly<Record<string, string>>): Piece[] | undefined {
  if (!beginsJson(text)) return undefined;
  const finder = new JsonFinder();
  finder.add(line, text);
  finder.end(false);
  return finder.drain();
}

/** Returns a row as an object. If several columns have the same name, the first that is not empty wins. */
function rowOf(columns: readonly string[], cells: readonly string[]): Readonly<Record<string, string>> {
  const row: Record<string, string> = {};
  columns.forEach((column, at) => {
    row[column] ||= cells[at] ?? "";
  });
  return row;
}
