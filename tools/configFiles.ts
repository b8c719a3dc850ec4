/** Pulumi.yaml and the table of docs/config.md, written from the table of config keys. */
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { stringify } from "yaml";
import { defaultOf, type Key, keys, meaningOf } from "../program/config/keys.ts";

const root = join(import.meta.dirname, "..");
export const configFiles = [written("Pulumi.yaml", withDeclarations), written("docs/config.md", withTable)] as const;

/** A file, and what it should be, given what it is. */
function written(name: string, replaced: (text: string) => string) {
  const path = join(root, name);
  return {
    path,
    written: async (text: string) => format(replaced(text), { ...(await resolveConfig(path)), filepath: path }),
  };
}

const names = Object.keys(keys.entries) as Key[];

/** @param text - of Pulumi.yaml; what stands before its config is kept. */
function withDeclarations(text: string): string {
  const config = Object.fromEntries(
    names.map((name) => [name, { description: meaningOf(name), default: defaultOf(name) }]),
  );
  return text.replace(/^config:\n[^]*/m, () => stringify({ config }, { lineWidth: 120, defaultKeyType: "PLAIN" }));
}

/** @param text - of the document; the table between the two comments is replaced. */
function withTable(text: string): string {
  const cells = names.map((name) => [`\`${name}\``, shownDefault(name), meaningOf(name).replace(/[|<]/g, "\\$&")]);
  const rows = [["key", "default", "meaning"], ["---", "---", "---"], ...cells];
  const table = rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
  return text.replace(/(?<=<!-- config keys -->\n)[^]*(?=<!-- end of config keys -->)/, () => `\n${table}\n\n`);
}

function shownDefault(name: Key): string {
  const value = defaultOf(name);
  if (value === "") return "not set";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
