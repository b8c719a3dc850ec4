/** Files that may hold logs in a form that is not read, told by their first bytes. Some of them have readable lines between other bytes. */
import { compressionOf } from "./compression.ts";

const forms: readonly (readonly [at: number, bytes: string, advice: string])[] = [
  [0, "PK\x03\x04", "This is a zip archive or an Excel workbook: unpack it, or save the sheet as CSV."],
  [257, "ustar", "This is a tar archive: unpack it."],
  [0, "BZh", "This is compressed with bzip2: decompress it."],
  [0, "\xfd7zXZ\0", "This is compressed with xz: decompress it."],
  [0, "7z\xbc\xaf\x27\x1c", "This is a 7z archive: unpack it."],
  [0, "Obj\x01", "This is Avro, as Event Hubs captures it: convert it to JSON, one event per line."],
  [0, "PAR1", "This is Parquet: convert it to JSON or CSV."],
  // The portal's "Open in Power BI".
  [0, "/*\r\nThe exported Power Query", "This is a query for Power BI, which has no log entries: export CSV instead."],
];

/** A file is in a form that is not read. The message is a sentence with the next step. */
export class BinaryFormError extends Error {
  override readonly name = "BinaryFormError";
}

/**
 * @param beginning decompressed, if the file is compressed.
 * @throws BinaryFormError if a file that begins so is in a form that is not read.
 */
export function refuseBinaryForm(beginning: Buffer): void {
  if (compressionOf(beginning) !== "uncompressed") {
    throw new BinaryFormError("This is compressed twice: decompress it once.");
  }
  const found = forms.find(([at, bytes]) => beginning.toString("latin1", at, at + bytes.length) === bytes);
  if (found !== undefined) throw new BinaryFormError(found[2]);
}
