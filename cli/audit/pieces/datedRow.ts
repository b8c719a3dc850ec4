import { times } from "../records/logOf.ts";
import { bareName, columnIn, isObject } from "../records/values.ts";
import { localDate, type LocalDate } from "./localDate.ts";
import { ownOutput } from "./ownOutput.ts";
import type { Piece, Row } from "./piece.ts";

/** A column or member that may contain times in UTC. */
export interface TimeColumn {
  /** Its key in a row. */
  readonly name: string;
  /** Whether its title lacks the time zone, and it is the time of a row. */
  readonly lacksZone: boolean;
}

const timeColumn = new RegExp(`^(?:${times.join("|")})(?: \\[.*\\])?$`, "i");

/** Returns whether a column has the time of a row. */
export function isTimeColumn(column: string): boolean {
  return timeColumn.test(column) || timeColumn.test(bareName(column));
}

/** Returns the column with a title if it may contain times in UTC. The portal appends the time zone: `TimeGenerated [UTC]`. */
export function timeColumnOf(title: string, name: string): TimeColumn | undefined {
  if (!/time/i.test(title)) return undefined;
  const column = columnIn(title);
  return column.endsWith("]") ? undefined : { name, lacksZone: isTimeColumn(column) && column === title.trim() };
}

/**
 * Returns a row as a piece, with its dates in the form of a country or a program.
 * @param columns those that may have such dates.
 */
export function pieceOfRow(line: number, value: Row, columns: readonly TimeColumn[]): Piece {
  const reason = ownOutput(Object.keys(value));
  if (reason !== undefined) return { line, reason };
  let lacksZone = false;
  const dated = columns.flatMap((column): (readonly [name: string, date: LocalDate])[] => {
    const text = value[column.name];
    const date = typeof text === "string" ? localDate(text) : undefined;
    if (date === undefined) return [];
    lacksZone ||= column.lacksZone && date.zone === undefined;
    return [[column.name, date]];
  });
  return dated.length === 0 ? { line, value } : { line, value, dated, lacksZone };
}

/** Like {@link pieceOfRow}, for a JSON value of any kind: JSON that was made of CSV, or that PowerShell wrote of rows, has such dates. */
export function pieceOfValue(line: number, value: unknown): Piece {
  if (!isObject(value)) return { line, value };
  const columns = Object.keys(value).flatMap((key) => timeColumnOf(key, key) ?? []);
  return pieceOfRow(line, value, columns);
}
