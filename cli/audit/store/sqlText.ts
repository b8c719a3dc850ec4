/** Pieces of SQL. Values of a question are parameters or variables; these are for names, and for files. */

export function quote(name: string): string {
  return `"${name}"`;
}

export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Files as DuckDB takes them: as they are, not as patterns. */
export function fileList(files: readonly string[]): string {
  return `[${files.map((file) => textLiteral(file.replace(/[[*?]/g, "[$&]"))).join(", ")}]`;
}
