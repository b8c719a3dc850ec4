import type { LocalDate } from "./localDate.ts";

/** A value found in a file, or a part of the file that cannot be read. */
export type Piece = { readonly line: number; readonly value: unknown } | DatedRow | Damage;

export type Row = Readonly<Record<string, unknown>>;

/** A row with dates in the form of a country or a program: what some of them mean depends on those in other rows. */
export interface DatedRow {
  readonly line: number;
  readonly value: Row;
  readonly dated: readonly (readonly [column: string, date: LocalDate])[];
  /** Whether nothing tells the time zone of the row's time. */
  readonly lacksZone: boolean;
}

export interface Damage {
  /** Line on which it begins, from 1; null if it is the whole file. */
  readonly line: number | null;
  /** A sentence. */
  readonly reason: string;
  /** Whether it loses no log entry. Default: false. */
  readonly isAside?: boolean;
}

/** Finds the values of a file, line by line. */
export interface Finder {
  /**
   * Reads the next line.
   * @param number from 1.
   * @param text without its line break; `undefined` if it is not text.
   */
  add(number: number, text: string | undefined): void;
  /** Reads the next line, which is too long to be held. */
  addTooLong(number: number): void;
  /**
   * Ends the file.
   * @param growing whether an unfinished last value may still be written: then no entry is lost.
   */
  end(growing: boolean): void;
  /** Returns the pieces found since the last call. */
  drain(): Piece[];
}

/** A line of a file. */
export interface FileText {
  /** From 1. */
  readonly number: number;
  /** `undefined` if it is not text. */
  readonly text: string | undefined;
}

export interface Line extends FileText {
  readonly text: string;
}

/**
 * Maximum length of a value in characters: more than a response of the Log Analytics API, which has at most 100 MB ("Azure
 * Monitor service limits").
 */
export const longest = 128 * 1024 * 1024;

export const reasons = {
  json: "This is not JSON.",
  object: "This is not a JSON object.",
  unknown: "This is not an entry of a known log.",
  cut: "The record is cut off or damaged.",
  unfinished: "The last record is cut off: it may still be written.",
  long: "This is longer than any record.",
  text: "The line is not UTF-8 or UTF-16 text.",
  unclosed: "This array is never closed: what follows in the file may be missing.",
  growing: "This array is not closed yet: it may still be written.",
  pages: "This answer has a nextLink: its further pages are not in this file.",
  row: "This is not a row of CSV.",
  rowText: "This row is not UTF-8 or UTF-16 text: save the file as CSV UTF-8.",
  zone: "Its time names no time zone: dates like this are read as UTC.",
} as const;
