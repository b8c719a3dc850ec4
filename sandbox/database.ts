import { closeSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openStateFile, restoreOrStartAnew } from "./stateFile.ts";

/**
 * Opens, or makes, a database of a sandbox, and runs `prepare` on it.
 *
 * @param prepare - makes the tables and reads what is to be kept in memory.
 * @throws Failure when the file is damaged, whether as a database or in what `prepare` reads.
 */
export function openDatabase<Prepared>(file: string, prepare: (database: DatabaseSync) => Prepared): Prepared {
  return openStateFile(file, restoreOrStartAnew(dirname(file)), () => {
    // Made first, for its owner alone, because it holds secrets; SQLite gives its side files the same mode.
    closeSync(openSync(file, "a", 0o600));
    const database = new DatabaseSync(file);
    try {
      // Write-ahead logging survives a killed process without an fsync for each write.
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;");
      const check = database.prepare("PRAGMA quick_check(1)").get();
      if (check?.quick_check !== "ok") {
        throw new Error(String(check?.quick_check));
      }
      return prepare(database);
    } catch (error) {
      database.close();
      throw error;
    }
  });
}
