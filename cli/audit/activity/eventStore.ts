/** Events of the activity log in the evidence store: each file is read once, into rows of a Parquet file. */
import type { Engine } from "../store/engine.ts";
import { jsonRow, objectOf } from "../store/jsonRows.ts";
import type { LogFile } from "../store/normalise.ts";
import { RowWriter, type FoundRow } from "../store/rowWriter.ts";
import { quote } from "../store/sqlText.ts";
import type { Cell, ColumnType } from "../store/tableAppender.ts";
import { keptNames, type EventFacts } from "./eventFields.ts";
import { readActivityFile } from "./readActivity.ts";
import type { ActivityEvent } from "./types.ts";

type EventColumn = keyof ActivityEvent;

/** Facts that an event does not keep unchanged. The time is in milliseconds since the Unix epoch. */
const derived = {
  time: "BIGINT",
  operation: "VARCHAR",
  status: "VARCHAR",
  error: "VARCHAR",
  caller: "VARCHAR",
  callerName: "VARCHAR",
  asked: "VARCHAR",
  rules: "VARCHAR",
} as const satisfies Readonly<Record<Exclude<EventColumn, keyof EventFacts>, ColumnType>>;

/** Facts that are stored as JSON. */
const asJson = ["asked", "rules"] as const;

/** In the order in which an event has its members, because events with the same time are ordered by their JSON. */
const columns: Readonly<Record<EventColumn, ColumnType>> = {
  ...(Object.fromEntries(keptNames.map((name) => [name, "VARCHAR"])) as Record<keyof EventFacts, "VARCHAR">),
  ...derived,
};
const names = Object.keys(columns) as EventColumn[];

const noFacts = Object.fromEntries(names.map((name) => [name, null])) as Record<EventColumn, null>;

/** Returns a writer of activity logs, with one row per event. Rows without an `operation` are events about something else. */
export function eventWriter(engine: Engine): RowWriter<EventColumn> {
  return new RowWriter<EventColumn>(engine, { log: "activity", columns, sortedBy: "time", read: rowsOf });
}

async function* rowsOf({ path, isGrowing, name }: LogFile): AsyncGenerator<FoundRow<EventColumn>> {
  for await (const found of readActivityFile(path, isGrowing, name)) {
    if ("event" in found) yield { row: rowOf(found.event) };
    else if ("otherTime" in found) {
      yield { row: { ...noFacts, time: millisecondsOf(found.otherTime), resource: found.resource } };
    } else yield found;
  }
}

function rowOf(event: ActivityEvent): Record<EventColumn, Cell> {
  const { time, asked, rules } = event;
  return {
    ...event,
    time: millisecondsOf(time),
    asked: asked && JSON.stringify(asked),
    rules: rules && JSON.stringify(rules),
  };
}

const millisecondsOf = (time: string): bigint => BigInt(Date.parse(time));

/** A table expression without rows. */
export const noRows = `(SELECT ${names.map((name) => `NULL::${columns[name]} AS ${quote(name)}`).join(", ")} WHERE false)`;

/** The SQL expression of a row as a text. */
export const eventJson = jsonRow(names.map(quote));

/** Returns an event from its {@link eventJson}. */
export function eventFrom(json: string): ActivityEvent {
  const event = objectOf(names, json);
  event.time = new Date(Number(event.time)).toISOString();
  for (const name of asJson) event[name] = typeof event[name] === "string" ? JSON.parse(event[name]) : null;
  return event as unknown as ActivityEvent;
}
