/** Pulumi.yaml and the table of docs/config.md, written from the table of config keys. */
import { stringify } from "yaml";
import { defaultOf, type Key, keys, meaningOf } from "../program/config/keys.ts";
import { generatedFile, withTable } from "./generatedFile.ts";

export const configFiles = [
  generatedFile("Pulumi.yaml", withDeclarations),
  generatedFile("docs/config.md", withKeys),
] as const;

const names = Object.keys(keys.entries) as Key[];

/** @param text - of Pulumi.yaml; what stands before its config is kept. */
function withDeclarations(text: string): string {
  const config = Object.fromEntries(
    names.map((name) => [name, { description: meaningOf(name), default: defaultOf(name) }]),
  );
  return text.replace(/^config:\n[^]*/m, () => stringify({ config }, { lineWidth: 120, defaultKeyType: "PLAIN" }));
}

function withKeys(text: string): string {
  const cells = names.map((name) => [`\`${name}\``, shownDefault(name), meaningOf(name)]);
  return withTable(text, "config keys", [["key", "default", "meaning"], ...cells]);
}

function shownDefault(name: Key): string {
  const value = defaultOf(name);
  if (value === "") return "not set";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
