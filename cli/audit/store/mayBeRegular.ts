import { closeSync, openSync, readSync } from "node:fs";
import { auditCategory } from "@bastion-trail/core/links/archivePath";

/** More than any record has. */
const firstBytes = 64 * 1024;

/** Whether a file begins with a line that may be an audit record. Only what can be opened does. */
export function mayBeRegular(file: string): boolean {
  const beginning = Buffer.alloc(firstBytes);
  try {
    const descriptor = openSync(file, "r");
    try {
      const bytes = readSync(descriptor, beginning);
      const [line = ""] = beginning.toString("latin1", 0, bytes).split("\n", 1);
      return line.length < firstBytes && line.includes(auditCategory);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}
