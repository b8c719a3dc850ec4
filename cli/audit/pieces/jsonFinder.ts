import { pieceOfValue } from "./datedRow.ts";
import { JsonEnd } from "./jsonEnd.ts";
import { hasNextPage, lackingIn } from "./lacking.ts";
import { parseJson } from "./parseJson.ts";
import { longest, reasons, type Damage, type Finder, type Line, type Piece } from "./piece.ts";
import { listNames, rowsIn } from "./rowsIn.ts";
import { unlessTooDeep } from "../records/values.ts";

/** An object that spans several lines. */
interface Open {
  readonly lines: Line[];
  readonly end: JsonEnd;
  length: number;
  /** Whether this is the rest of the object that contains a list, after that list. */
  readonly isRest: boolean;
}

/** An open bracket around values. */
interface Around {
  readonly line: number;
  readonly close: "]" | "}";
}

/** The beginning of an array, or of an object that begins with a list of rows. */
const opening = new RegExp(`^\\s*(?:\\[|\\{\\s*"(?:${listNames.join("|")})"\\s*:\\s*\\[)`, "i");

/** A value in a list that is no object, or a word that is no value. */
const scalar = /^(?:"[^"\\]*(?:\\.[^"\\]*)*"|[-+.\w]+)(?=\s*(?:[,\]]|$))/;

/** An object up to the name of its first member. */
const begin = /^\{\s*"[^"]*"/;

/**
 * Characters that are read again before the finder gives up a file: one with an opening bracket on every line would take hours.
 */
const mostRetried = 4 * longest;

/**
 * Finds the JSON objects of a file: one per line, across several lines, in an array or in `{"records": [...]}`. A damaged line
 * never affects the lines after it.
 */
export class JsonFinder implements Finder {
  readonly #found: Piece[] = [];
  readonly #around: Around[] = [];
  #open: Open | undefined;
  #retried = 0;
  /**
   * Whether the last piece was the damaged beginning of an object that spans several lines, so that remains of it may follow.
   */
  #inRemains = false;
  /** Line of the last document if it is a page with another one after it. */
  #pageBefore: number | undefined;
  /** How the last intact object in a list begins, or else the first one. */
  #begin: string | undefined;
  /** Whether any array was entered, so that a closing bracket may be left over. */
  #hasEntered = false;

  add(number: number, text: string | undefined): void {
    if (text === undefined) {
      this.#breakOff(reasons.cut);
      this.#damage(number, reasons.text);
      this.#inRemains = false;
    } else {
      this.#take({ number, text });
    }
  }

  addTooLong(number: number): void {
    this.#breakOff(reasons.cut);
    this.#damage(number, reasons.long);
  }

  end(growing: boolean): void {
    let isUnfinished = false;
    while (this.#open !== undefined) {
      const { lines } = this.#open;
      const before = this.#found.length;
      this.#breakOff(reasons.cut);
      // Only the beginning of one object is left: a record that is still being written.
      const isBeginning = this.#found.length === before + 1 || lines.length === 1;
      if (growing && isBeginning && this.#isClosed) {
        isUnfinished = true;
        this.#found.splice(before, 1, asideOf(this.#found[before]?.line ?? null, reasons.unfinished));
      }
    }
    const [outermost] = this.#around;
    if (outermost !== undefined && !growing) {
      this.#damage(outermost.line, reasons.unclosed);
    } else if (outermost !== undefined && !isUnfinished) {
      this.#found.push(asideOf(outermost.line, reasons.growing));
    }
    if (this.#pageBefore !== undefined && !growing) {
      this.#found.push(asideOf(this.#pageBefore, reasons.pages));
    }
  }

  drain(): Piece[] {
    return this.#found.splice(0);
  }

  #take(line: Line): void {
    if (this.#open !== undefined) {
      this.#continue(this.#open, line);
    } else if (!this.#parseWhole(line)) {
      this.#takeParts(line);
    }
  }

  /** Most lines contain exactly one record. */
  #parseWhole({ number, text }: Line): boolean {
    const trimmed = text.trim();
    if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) {
      return trimmed === "";
    }
    const value = parsed(trimmed);
    if (value === undefined) {
      return false;
    }
    this.#value(number, value);
    return true;
  }

  #takeParts({ number, text }: Line): void {
    let rest = text;
    for (;;) {
      rest = this.#enter(number, rest);
      if (rest === "") {
        return;
      }
      const isRest = this.#around.at(-1)?.close === "}";
      const [skipped] = this.#around.at(-1)?.close === "]" && !this.#inRemains ? (scalar.exec(rest) ?? []) : [];
      if (skipped !== undefined) {
        this.#noObject(number);
        rest = rest.slice(skipped.length);
        continue;
      }
      if (!isRest && !rest.startsWith("{")) {
        const isRemains = this.#inRemains && /^["}\],]/.test(rest);
        if (!isRemains) {
          this.#damage(number, parsed(rest) === undefined ? reasons.json : reasons.object);
        }
        this.#inRemains = isRemains;
        const next = this.#nextIn(rest);
        if (next === undefined) return;
        rest = next;
        continue;
      }
      const [first] = begin.exec(rest) ?? [];
      this.#begin ??= first;
      const end = isRest ? new JsonEnd("}") : new JsonEnd();
      const at = end.follow(rest);
      if (at === undefined) {
        this.#open = { lines: [{ number, text: rest }], end, length: rest.length, isRest };
        return;
      }
      const isRead = this.#parse(number, rest.slice(0, at), isRest);
      if (isRead) this.#begin = first ?? this.#begin;
      else this.#retried += at;
      if (!isRead && this.#around.length === 0) {
        return;
      }
      rest = (isRead ? undefined : this.#nextIn(rest)) ?? rest.slice(at);
    }
  }

  /**
   * Returns the text of a damaged list from its next object on: a list may be all on one line. The objects of a list begin with the
   * same member, and those inside of them with another one.
   */
  #nextIn(text: string): string | undefined {
    const isList = this.#around.at(-1)?.close === "]" && this.#retried <= mostRetried;
    const at = isList && this.#begin !== undefined ? text.indexOf(this.#begin, 1) : -1;
    return at === -1 ? undefined : text.slice(at);
  }

  /** Skips white space, commas, and the brackets around values. */
  #enter(number: number, text: string): string {
    let rest = text;
    for (;;) {
      const inList = this.#around.at(-1)?.close !== "}";
      const [opened] = inList ? (opening.exec(rest) ?? []) : [];
      if (opened !== undefined) {
        this.#hasEntered = true;
        if (opened.includes("{")) {
          this.#pageBefore = undefined;
          this.#around.push({ line: number, close: "}" });
        }
        this.#around.push({ line: number, close: "]" });
      }
      const skipped = opened ?? this.#closing(rest) ?? (inList ? /^[\s,]+/ : /^\s+/).exec(rest)?.[0];
      if (skipped === undefined) {
        return rest;
      }
      rest = rest.slice(skipped.length);
    }
  }

  /** Returns the closing bracket that is expected here, or one left over from a damaged value. */
  #closing(text: string): string | undefined {
    const [bracket] = /^[\]}]/.exec(text) ?? [];
    const due = this.#around.at(-1)?.close;
    if (bracket !== undefined && bracket === due) {
      this.#around.pop();
      return bracket;
    }
    return due === undefined && this.#hasEntered ? bracket : undefined;
  }

  #continue(open: Open, line: Line): void {
    const [first = line] = open.lines;
    // The brackets around a list may be on lines of their own.
    if (open.lines.length === 1 && first.text.trim() === "{" && opening.test(`{${line.text}`)) {
      this.#open = undefined;
      this.#takeParts({ number: first.number, text: `{${line.text}` });
      return;
    }
    // Inside an object, a key or a comma must follow. If an object begins instead, the previous one was cut off.
    if (open.end.inString || (/^\s*\{/.test(line.text) && !open.end.takesObject)) {
      this.#breakOff(reasons.cut);
      this.#take(line);
      return;
    }
    open.lines.push(line);
    open.length += line.text.length;
    const at = open.end.follow(line.text);
    if (at !== undefined) {
      const text = [...open.lines.slice(0, -1).map((one) => one.text), line.text.slice(0, at)].join("\n");
      if (parsed(openedBy(text, open.isRest)) === undefined) {
        this.#breakOff(reasons.json);
      } else {
        this.#open = undefined;
        this.#parse(first.number, text, open.isRest);
        this.#takeParts({ number: line.number, text: line.text.slice(at) });
      }
    } else if (open.length > longest) {
      this.#breakOff(reasons.long);
    }
  }

  get #isClosed(): boolean {
    return this.#open === undefined;
  }

  /** Gives up the open object: reports its first line as damaged and reads the other lines again. */
  #breakOff(reason: string): void {
    const open = this.#open;
    const [first, ...others] = open?.lines ?? [];
    if (open === undefined || first === undefined) {
      return;
    }
    this.#open = undefined;
    if (open.isRest) {
      this.#around.pop();
    }
    this.#damage(first.number, reason);
    this.#inRemains = !open.end.inString || others.length > 0;
    this.#retried += open.length;
    const further = this.#nextIn(first.text);
    if (further !== undefined) others.unshift({ number: first.number, text: further });
    const [next] = others;
    if (next !== undefined && this.#retried > mostRetried) {
      this.#damage(next.number, `This line and the ${others.length - 1} after it could not be told apart.`);
      return;
    }
    others.forEach((line) => {
      this.#take(line);
    });
  }

  #parse(number: number, text: string, isRest: boolean): boolean {
    if (isRest) {
      this.#around.pop();
    }
    const value = parsed(openedBy(text, isRest));
    if (value === undefined) {
      this.#damage(number, reasons.json);
    } else if (isRest) {
      this.#unlessTooDeep(number, () => {
        this.#document(number, value, rowsIn(value) ?? []);
      });
    } else {
      this.#value(number, value);
    }
    return value !== undefined;
  }

  #value(line: number, value: unknown): void {
    this.#inRemains = false;
    this.#unlessTooDeep(line, () => {
      this.#row(line, value);
    });
  }

  /** Reports a value that is nested too deeply, and keeps what was found in it. */
  #unlessTooDeep(line: number, read: () => void): void {
    const tooDeep = unlessTooDeep(read);
    if (tooDeep !== undefined) this.#damage(line, tooDeep.reason);
  }

  #row(line: number, value: unknown): void {
    const rows = rowsIn(value);
    if (rows === undefined) this.#found.push(pieceOfValue(line, value));
    else this.#document(line, value, rows);
  }

  #document(line: number, value: unknown, rows: readonly unknown[]): void {
    for (const row of rows) this.#row(line, row);
    for (const damage of lackingIn(value)) this.#found.push({ line, ...damage });
    this.#pageBefore = hasNextPage(value) ? line : undefined;
  }

  /** Reports values that are no objects, several of them in one line once. */
  #noObject(line: number): void {
    const last = this.#found.at(-1);
    if (last === undefined || "value" in last || last.line !== line || last.reason !== reasons.object) {
      this.#damage(line, reasons.object);
    }
  }

  #damage(line: number, reason: string): void {
    this.#found.push({ line, reason });
  }
}

function asideOf(line: number | null, reason: string): Damage {
  return { line, reason, isAside: true };
}

/** Returns the text of an object. The rest of an object after a list lacks its opening bracket, which is added. */
function openedBy(text: string, isRest: boolean): string {
  return isRest ? `{${text.replace(/^\s*,/, "")}` : text;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
