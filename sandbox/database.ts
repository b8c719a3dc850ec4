import { closeSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openStateFile, restoreOrStartAnew } from "./stateFile.ts";

/**
 * Opens or creates a database of a sandbox, and runs `prepare` on it.
 *
 * @param prepare - creates the tables and reads the data to keep in memory.
 * @throws Failure if the file is damaged, as a database or in the data that `prepare` reads.
 */
export function openDatabase<Prepared>(file: string, prepare: (database: DatabaseSync) => Prepared): Prepared {
  return openStateFile(file, restoreOrStartAnew(dirname(file)), () => {
    // Created first with a mode for its owner only, because it contains secrets; SQLite gives its side files the same
    // mode.
    closeSync(openSync(file, "a", 0o600));
    const database = new DatabaseSync(file);
    try {
      // Write-ahead logging survives a killed process without an fsync per write.
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;");
      const check = database.prepare("PRAGMA quick_check(1)").get();
      if (check?.quick_check !== "ok") throw new Error(String(check?.quick_check));
      return prepare(database);
    } catch (error) {
      database.close();
      throw error;
    }
  });
}
