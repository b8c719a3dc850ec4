/** Builds parts of SQL: names and files. Values of a query are parameters or variables instead. */

export function quote(name: string): string {
  return `"${name}"`;
}

export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Returns files as a DuckDB list, with pattern characters escaped. */
export function fileList(files: readonly string[]): string {
  return `[${files.map((file) => textLiteral(file.replace(/[[*?]/g, "[$&]"))).join(", ")}]`;
}
