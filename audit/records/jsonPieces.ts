import { JsonEnd } from "./jsonEnd.ts";

/** An object found in a file, or a piece of the file that is none. */
export type JsonPiece = { readonly line: number; readonly value: unknown } | Damage;

interface Damage {
  /** Line on which the piece begins, from 1. */
  readonly line: number;
  readonly reason: string;
}

interface Line {
  readonly number: number;
  readonly text: string;
}

/** An object that goes on over several lines. */
interface Open {
  readonly lines: Line[];
  readonly end: JsonEnd;
  length: number;
}

/** No record is near as long; what is longer would only fill the memory. */
const longest = 4 * 1024 * 1024;

const reasons = {
  json: "This is not JSON.",
  cut: "The record is cut off or damaged.",
  long: "This is longer than any record.",
  utf8: "The line is not UTF-8 text.",
} as const;

/**
 * Finds the JSON objects of a file, line by line, whether they have a line each, go over several lines, stand in an array or in
 * `{"records": [...]}`. A damaged line costs what is on it, and never the lines after it.
 */
export class JsonPieces {
  readonly #found: JsonPiece[] = [];
  #number = 0;
  #open: Open | undefined;
  /** Brackets of `[` and `{"records": [` around the objects, which are still to close. */
  #around = 0;
  /** Whether the last piece was the damaged beginning of an object over several lines, whose remains may follow. */
  #inRemains = false;

  /**
   * Takes the next line.
   * @param text without its line break; `undefined` where it is not UTF-8.
   */
  add(text: string | undefined): void {
    this.#number += 1;
    if (text === undefined) {
      this.#breakOff(reasons.cut);
      this.#damage(this.#number, reasons.utf8);
      this.#inRemains = false;
    } else {
      this.#take({ number: this.#number, text: text.startsWith("\uFEFF") ? text.slice(1) : text });
    }
  }

  /** Reports a line that was not even read. */
  addTooLong(): void {
    this.#number += 1;
    this.#breakOff(reasons.cut);
    this.#damage(this.#number, reasons.long);
  }

  /**
   * The file is over.
   * @param growing keep an unfinished object for the next read instead of reporting it.
   */
  end(growing: boolean): void {
    while (this.#open !== undefined) {
      const { lines } = this.#open;
      const before = this.#found.length;
      this.#breakOff(reasons.cut);
      // Nothing but the beginning of one object is left: that is a record on its way.
      const isUnfinished = this.#found.length === before + 1 || lines.length === 1;
      if (growing && isUnfinished && this.#isClosed) {
        this.#found.splice(before, 1);
      }
    }
  }

  /** Hands over what was found since the last call. */
  drain(): JsonPiece[] {
    return this.#found.splice(0);
  }

  #take(line: Line): void {
    if (this.#open !== undefined) {
      this.#continue(this.#open, line);
    } else if (!this.#parseWhole(line)) {
      this.#takeParts(line);
    }
  }

  /** Most lines are one record. */
  #parseWhole({ number, text }: Line): boolean {
    const trimmed = text.trim();
    if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) {
      return trimmed === "";
    }
    try {
      this.#value(number, JSON.parse(trimmed));
      return true;
    } catch {
      return false;
    }
  }

  #takeParts({ number, text }: Line): void {
    let rest = text;
    for (;;) {
      rest = this.#enter(rest);
      if (rest === "") {
        return;
      }
      if (!rest.startsWith("{")) {
        const isRemains = this.#inRemains && /^["}\],]/.test(rest);
        if (!isRemains) {
          this.#damage(number, reasons.json);
        }
        this.#inRemains = isRemains;
        return;
      }
      const end = new JsonEnd();
      const at = end.follow(rest);
      if (at === undefined) {
        this.#open = { lines: [{ number, text: rest }], end, length: rest.length };
        return;
      }
      if (!this.#parse(number, rest.slice(0, at)) && this.#around === 0) {
        return;
      }
      rest = rest.slice(at);
    }
  }

  /** Goes past white space, commas, and the brackets around objects. */
  #enter(text: string): string {
    let rest = text;
    for (;;) {
      const [opening] = /^\s*(?:\[|\{\s*"records"\s*:\s*\[)/i.exec(rest) ?? [];
      const [closing] = (this.#around > 0 ? /^\s*[\]}]/ : /^(?!)/).exec(rest) ?? [];
      if (opening !== undefined) {
        // `{"records": [` closes with two brackets.
        this.#around += opening.includes("{") ? 2 : 1;
      } else if (closing !== undefined) {
        this.#around -= 1;
      }
      const skipped = opening ?? closing ?? /^[\s,]+/.exec(rest)?.[0];
      if (skipped === undefined) {
        return rest;
      }
      rest = rest.slice(skipped.length);
    }
  }

  #continue(open: Open, line: Line): void {
    // Inside an object a key is due, or a comma: where an object begins instead, the one before it was cut.
    if (open.end.inString || (/^\s*\{/.test(line.text) && !open.end.takesObject)) {
      this.#breakOff(reasons.cut);
      this.#take(line);
      return;
    }
    open.lines.push(line);
    open.length += line.text.length;
    const at = open.end.follow(line.text);
    if (at !== undefined) {
      this.#open = undefined;
      const text = [...open.lines.slice(0, -1).map((one) => one.text), line.text.slice(0, at)].join("\n");
      const [first = line] = open.lines;
      if (this.#parses(text)) {
        this.#parse(first.number, text);
        this.#takeParts({ number: line.number, text: line.text.slice(at) });
      } else {
        this.#retry(open, reasons.json);
      }
    } else if (open.length > longest) {
      this.#breakOff(reasons.long);
    }
  }

  get #isClosed(): boolean {
    return this.#open === undefined;
  }

  /** Gives the open object up: its first line is damaged, and the others are read anew. */
  #breakOff(reason: string): void {
    const open = this.#open;
    if (open !== undefined) {
      this.#open = undefined;
      this.#retry(open, reason);
    }
  }

  #retry(open: Open, reason: string): void {
    const [first, ...others] = open.lines;
    if (first !== undefined) {
      this.#damage(first.number, reason);
      this.#inRemains = !open.end.inString || others.length > 0;
      others.forEach((line) => {
        this.#take(line);
      });
    }
  }

  #parses(text: string): boolean {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  }

  #parse(number: number, text: string): boolean {
    try {
      this.#value(number, JSON.parse(text));
      return true;
    } catch {
      this.#damage(number, reasons.json);
      return false;
    }
  }

  #value(line: number, value: unknown): void {
    this.#inRemains = false;
    const records = recordsIn(value);
    this.#found.push(...(records ?? [value]).map((one) => ({ line, value: one })));
  }

  #damage(line: number, reason: string): void {
    this.#found.push({ line, reason });
  }
}

/** The array of a `{"records": [...]}`, which Azure Monitor wrote before 2018-11-01 (azure-monitor-docs, resource-logs). */
function recordsIn(value: unknown): unknown[] | undefined {
  if (typeof value !== "object" || value === null) {
    return undefined;
  }
  const records: unknown = Object.entries(value).find(([key]) => key.toLowerCase() === "records")?.[1];
  return Array.isArray(records) ? records : undefined;
}
