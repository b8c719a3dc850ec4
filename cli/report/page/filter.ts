/** Filters the sessions that the page shows. */
import { visible } from "@bastion-trail/core/rules/visible";
import { textColumns } from "../pageData.ts";
import type { Model, ModelColumn, Stretch } from "./model.ts";

export interface Filter {
  /** Words that must all be found, each in any fact of the session, its request or its rule. */
  readonly words: string;
  /** A person's whole name, or part of the name or of the account on the VM. */
  readonly person: string;
  /** A VM's whole name, or part of the name or ARM id. */
  readonly vm: string;
  /** Indexes of `verdicts`; empty for all. */
  readonly verdicts: ReadonlySet<number>;
  /** One of the links; empty for any. */
  readonly link: string;
  /** One of the flags, or `accepted`; empty for any. */
  readonly flag: string;
}

export const noFilter: Filter = { words: "", person: "", vm: "", verdicts: new Set(), link: "", flag: "" };

/** Returns the rows that match a filter, in order of start. */
export type FilterRows = (filter: Filter) => Int32Array;

/** A test of rows; `undefined` if all rows match. */
type RowTest = ((row: number) => boolean) | undefined;

/** Compares every text once per filter instead of once per session, because sessions share most of their texts. */
export function filterOf(model: Model): FilterRows {
  let lowered: readonly string[] | undefined;
  const lower = (): readonly string[] =>
    (lowered ??= model.strings.map((_, index) => (model.shown(index) ?? "").toLowerCase()));

  const inTexts = (part: string, columns: readonly ModelColumn[]): ((row: number) => boolean) => {
    const has = Uint8Array.from(lower(), (text) => (text.includes(part) ? 1 : 0));
    const indexes = columns.map((column) => model.texts[column]);
    return (row) => indexes.some((column) => has[column[row] ?? -1] === 1);
  };
  /** A whole name means nobody else, although it may be a part of other names. */
  const named = (given: string, column: ModelColumn, others: readonly ModelColumn[]): RowTest => {
    const wanted = given.trim().toLowerCase();
    if (wanted === "") return undefined;
    const isWhole = Uint8Array.from(lower(), (text) => (text === wanted ? 1 : 0));
    const indexes = model.texts[column];
    return indexes.some((index) => isWhole[index] === 1)
      ? (row) => isWhole[indexes[row] ?? -1] === 1
      : inTexts(wanted, [column, ...others]);
  };
  const exactly = (given: string, column: ModelColumn): RowTest => {
    if (given === "") return undefined;
    const wanted = model.data.strings.indexOf(given);
    return (row) => wanted !== -1 && model.texts[column][row] === wanted;
  };
  const word = (given: string): ((row: number) => boolean) => {
    const found = inTexts(given, textColumns);
    const ofRequests = model.data.requests.map(({ id, by, reason, correlationId }) =>
      hasPart(given, [id, by, reason, correlationId]),
    );
    const ofRules = model.allRules.map(({ name, author }) => hasPart(given, [name, author]));
    return (row) =>
      found(row) || ofRequests[model.request[row] ?? -1] === true || ofRules[model.rule[row] ?? -1] === true;
  };

  return ({ words, person, vm, verdicts, link, flag }) => {
    const tests: RowTest[] = [
      verdicts.size === 0 ? undefined : (row) => verdicts.has(model.verdict[row] ?? -1),
      exactly(link, "link"),
      flag === "" ? undefined : (row) => model.flagsOf(row).includes(flag),
      named(person, "person", ["account"]),
      named(vm, "vmLabel", ["vm"]),
      ...wordsOf(words).map(word),
    ];
    const given = tests.filter((test) => test !== undefined);
    const rows = new Int32Array(model.count);
    let kept = 0;
    for (let row = 0; row < model.count; row += 1) {
      if (given.every((test) => test(row))) rows[kept++] = row;
    }
    return rows.subarray(0, kept);
  };
}

/** The rows of sessions that were open at any time within a stretch. */
export function rowsWithin(model: Model, rows: Int32Array, { from, to }: Stretch): Int32Array {
  return rows.filter((row) => (model.start[row] ?? Infinity) < to && (model.end[row] ?? -Infinity) >= from);
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** Compares the texts of a log as they are and as the page shows them. */
function hasPart(part: string, texts: readonly (string | null)[]): boolean {
  return texts.some((text) => text !== null && [text, visible(text)].some((one) => one.toLowerCase().includes(part)));
}
