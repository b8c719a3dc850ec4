import { readFileSync } from "node:fs";

/** Encodings that a byte order mark names. PowerShell writes UTF-16 if its output goes to a file. */
const marked = [
  { mark: [0xff, 0xfe], encoding: "utf-16le" },
  { mark: [0xfe, 0xff], encoding: "utf-16be" },
] as const;

/** Reads a text file in UTF-8 or UTF-16, without its byte order mark. */
export function readText(path: string): string {
  const bytes = readFileSync(path);
  const found = marked.find(({ mark }) => mark.every((byte, index) => bytes[index] === byte));
  return new TextDecoder(found?.encoding ?? "utf-8").decode(bytes);
}
