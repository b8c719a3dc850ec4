/** Files of the repository that are generated, in part or whole, from tables in the code. Tests compare them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, getFileInfo, resolveConfig } from "prettier";

const root = join(import.meta.dirname, "..");

export interface GeneratedFile {
  readonly path: string;
  /** Returns the new content for the current one. */
  readonly written: (text: string) => Promise<string>;
}

/** @param name path from the root of the repository. */
export function generatedFile(name: string, replaced: (text: string) => string | Promise<string>): GeneratedFile {
  const path = join(root, name);
  return {
    path,
    written: async (text) => {
      const { inferredParser } = await getFileInfo(path);
      if (inferredParser === null) return await replaced(text);
      return format(await replaced(text), { ...(await resolveConfig(path)), filepath: path });
    },
  };
}

/** Writes the new content of files. */
export async function writeGenerated(files: readonly GeneratedFile[]): Promise<void> {
  // One after another: a file may be generated from an earlier one.
  for (const { path, written } of files) writeFileSync(path, await written(readFileSync(path, "utf8")));
}

/** Replaces the text between the comments `<!-- NAME -->` and `<!-- end of NAME -->` of a Markdown document. */
export function withBlock(text: string, name: string, block: string): string {
  const place = new RegExp(`(?<=<!-- ${name} -->\\n)[^]*(?=<!-- end of ${name} -->)`);
  return text.replace(place, () => `\n${block}\n\n`);
}

/** Replaces the table between two comments; see `withBlock`. */
export function withTable(text: string, name: string, [head = [], ...cells]: readonly (readonly string[])[]): string {
  const rows = [head, head.map(() => "---"), ...cells];
  const table = rows.map((row) => `| ${row.map((cell) => cell.replace(/[|<]/g, "\\$&")).join(" | ")} |`).join("\n");
  return withBlock(text, name, table);
}
