import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { JsonObject } from "../arm/json.ts";

/** Workspace tables as NDJSON files: `DIR/workspaces/<customerId>/<Table>.ndjson`, one row per line. */
export class LogTables {
  readonly #directory: string;

  /** @param directory the sandbox's folder */
  constructor(directory: string) {
    this.#directory = join(directory, "workspaces");
  }

  async append(customerId: string, table: string, lines: string): Promise<void> {
    const file = this.#fileOf(customerId, table);
    await mkdir(dirname(file), { recursive: true });
    await appendFile(file, lines);
  }

  /** Returns all rows in the order in which they arrived; none if the table does not exist. */
  async read(customerId: string, table: string): Promise<JsonObject[]> {
    let text: string;
    try {
      text = await readFile(this.#fileOf(customerId, table), "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      throw error;
    }
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as JsonObject);
  }

  #fileOf(customerId: string, table: string): string {
    if (!/^[0-9a-f-]{36}$/i.test(customerId) || !/^[A-Za-z][A-Za-z0-9_]*$/.test(table)) {
      throw new Error(`'${customerId}' and '${table}' do not name a workspace (its customer id) and a table.`);
    }
    return join(this.#directory, customerId, `${table}.ndjson`);
  }
}
