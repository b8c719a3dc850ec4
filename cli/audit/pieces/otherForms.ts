/** Tells logs in a form that cannot be read from notes and checksums, which may lie beside logs. */
import { basename } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { linesOf } from "./linesOf.ts";

/**
 * Names of files that are logs, or that may contain logs: Event Hubs captures Avro, and Data Factory also writes Parquet and ORC
 * (azure-docs, "Capture events through Azure Event Hubs"; "Supported file formats in Azure Data Factory"). Every program has logs
 * named `.log`, such as the one that downloaded the blobs, so these are told by their lines.
 */
const logName =
  /\.(?:json|jsonl|ndjson|csv|tsv)(?:\.|$)|\.(?:gz|zst|tgz|zip|bz2|xz|7z|rar|lz4|br|tar|parquet|avro|orc|xls|xlsx|ods)$/i;

/** Names of checksums and signatures of other files. */
const checksumName = /\.(?:md5|sha\d+|asc|sig)$/i;

const time = "(?:TimeGenerated|EventTimestamp)";

/** Times of entries as tools of Azure write them beside JSON and CSV. */
const entryTime = new RegExp(
  [
    // `az --output yaml`, and a list of PowerShell.
    String.raw`^[\s-]*${time}\s*:\s*\W?\d`,
    // The header of `az --output table`, and of a table of PowerShell.
    String.raw`(?:^|\S\s{2,})${time}\s{2,}\S|\S\s{2,}${time}\s*$`,
    // `az --output tsv`, which has no header.
    String.raw`(?:^|\t)\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)?(?:\t|$)`,
    // PowerShell's Export-Clixml.
    String.raw`\bN="${time}"`,
    // JSON within other text, or within JSON, and what Python prints.
    String.raw`["'](?:time|${time})\\?["']\s*:`,
  ].join("|"),
  "i",
);

/** Returns whether a file may contain log entries by its name. */
export function hasLogName(file: string): boolean {
  return logName.test(basename(file)) && !checksumName.test(file);
}

/** Returns whether a file may contain log entries, by its name or by its first lines. @param lines to look at. */
export async function mayBeLog(file: string, lines: number): Promise<boolean> {
  if (hasLogName(file)) {
    return true;
  }
  let seen = 0;
  for await (const some of linesOf(file)) {
    // A terminal's record of `az --output jsonc` has colours.
    if (some.some((line) => typeof line === "string" && entryTime.test(stripVTControlCharacters(line)))) return true;
    seen += some.length;
    if (seen >= lines) break;
  }
  return false;
}
