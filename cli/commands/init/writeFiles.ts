import { closeSync, existsSync, mkdirSync, openSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../errors.ts";
import type { Files } from "./plan.ts";

/**
 * Creates all files or none: if one fails, those created before it are removed. Nothing is overwritten.
 * @throws `UserError` naming the file.
 */
export function writeFiles(files: Files, folder: string): void {
  const undo: (() => void)[] = [];
  for (const [path, text] of Object.entries(files)) {
    try {
      write(join(folder, path), text, undo);
    } catch (error) {
      undo.reverse().forEach((step) => {
        step();
      });
      const reason = error instanceof Error ? error.message : String(error);
      throw new UserError(
        `Cannot create ${path}: ${reason}. Nothing was created.`,
        "Correct that, then run init again.",
        {
          cause: error,
        },
      );
    }
  }
}

function write(path: string, text: string, undo: (() => void)[]): void {
  makeFolder(dirname(path), undo);
  const file = openSync(path, "wx");
  undo.push(() => {
    rmSync(path, { force: true });
  });
  try {
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}

function makeFolder(path: string, undo: (() => void)[]): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path), undo);
  mkdirSync(path);
  undo.push(() => {
    try {
      rmdirSync(path);
    } catch {
      // Somebody else has put a file there.
    }
  });
}
