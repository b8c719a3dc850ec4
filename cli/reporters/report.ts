/** Writes a command's result in the requested format. */
import { UserError } from "../errors.ts";
import { write, type Io } from "../io.ts";
import type { CsvStyle } from "./csv.ts";
import type { TableStyle } from "./table.ts";
import type { Column, JsonMember, Rows } from "./rows.ts";

export interface Report<Row> {
  readonly rows: Rows<Row>;
  readonly columns: readonly Column<Row>[];
  /** Members of the JSON document, in order. */
  readonly json: Readonly<Record<string, JsonMember>>;
  /** Text of a table without rows, as a sentence. */
  readonly empty: string;
}

/** The format that the user asks for. Without an option, the result is a table with times in UTC. */
export interface FormatOptions {
  readonly json?: boolean;
  /** Rows as JSON, one per line. */
  readonly ndjson?: boolean;
  readonly csv?: boolean;
  readonly markdown?: boolean;
  /** Whether a table shows times in the local time zone. */
  readonly local?: boolean;
}

const forms = ["json", "ndjson", "csv", "markdown"] as const;

export type Format = (typeof forms)[number] | "table";

/** @throws `UserError` if several are given. */
export function formatOf(options: FormatOptions): Format {
  const asked = forms.filter((form) => options[form] === true);
  if (asked.length > 1) {
    throw new UserError(`${asked.map((form) => `--${form}`).join(" and ")} cannot be combined.`, "Use one of them.");
  }
  return asked[0] ?? "table";
}

/** Refuses several formats before the work is done, not only when its result is written. */
export function requireOneFormat(options: FormatOptions): void {
  formatOf(options);
}

/**
 * Writes a result to stdout as JSON, CSV, Markdown or a table. Only a few rows are in memory at a time.
 * @returns the number of rows.
 */
export async function report<Row>(io: Io, options: FormatOptions, { rows, ...result }: Report<Row>): Promise<number> {
  const counted = new Counted(rows);
  const chunks = await inForm(io, options, { ...result, rows: counted });
  let pending = "";
  for await (const chunk of chunks) {
    pending += chunk;
    if (pending.length >= chunkLength) {
      await write(io.stdout, pending);
      pending = "";
    }
    io.signal.throwIfAborted();
  }
  await write(io.stdout, pending);
  return counted.count;
}

/**
 * Writes each row to stdout as it arrives: as a table, CSV, or JSON with one row per line. The table's columns are laid
 * out once, with room for later values.
 */
export async function tail<Row>(
  io: Io,
  options: FormatOptions,
  rows: Rows<Row>,
  columns: readonly Column<Row>[],
): Promise<void> {
  for await (const chunk of await tailInForm(io, options, rows, columns)) {
    await write(io.stdout, chunk);
  }
}

async function tailInForm<Row>(
  io: Io,
  options: FormatOptions,
  rows: Rows<Row>,
  columns: readonly Column<Row>[],
): Promise<AsyncIterable<string>> {
  switch (formatOf(options)) {
    case "json":
      return (await import("./json.ts")).jsonLines(rows);
    case "csv":
      return (await import("./csv.ts")).csvText(rows, columns, csvStyle(io));
    default:
      return (await import("./table.ts")).tableText(rows, columns, { ...tableStyle(io, options), isEndless: true }, "");
  }
}

function tableStyle(io: Io, { local = false }: FormatOptions): TableStyle {
  return { colour: io.colour, width: io.columns, local };
}

function csvStyle(io: Io): CsvStyle {
  return { toTerminal: io.isTty.stdout };
}

/** Number of characters per write. */
const chunkLength = 65_536;

async function inForm<Row>(
  io: Io,
  options: FormatOptions,
  { rows, columns, json, empty }: Report<Row> & { readonly rows: Counted<Row> },
): Promise<AsyncIterable<string>> {
  switch (formatOf(options)) {
    case "json": {
      const { jsonText } = await import("./json.ts");
      return jsonText(json);
    }
    case "ndjson": {
      const { jsonLines } = await import("./json.ts");
      return jsonLines(rows);
    }
    case "markdown": {
      const { markdownText } = await import("./markdown.ts");
      return markdownText(rows, columns, empty);
    }
    case "csv": {
      const { csvText } = await import("./csv.ts");
      return csvText(rows, columns, csvStyle(io));
    }
    case "table": {
      const { tableText } = await import("./table.ts");
      return tableText(rows, columns, tableStyle(io, options), empty);
    }
  }
}

/** Counts the rows that were read. */
class Counted<Row> implements AsyncIterable<Row> {
  count = 0;
  readonly #rows: Rows<Row>;

  constructor(rows: Rows<Row>) {
    this.#rows = rows;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Row> {
    for await (const row of this.#rows) {
      this.count += 1;
      yield row;
    }
  }
}
