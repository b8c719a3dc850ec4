/** Generates Pulumi.yaml and the table of docs/config.md from the table of config keys. */
import { stringify } from "yaml";
import { type Key, keyNames, keys } from "../program/config/keys.ts";
import { generatedFile, withTable } from "./generatedFile.ts";

export const configFiles = [
  generatedFile("Pulumi.yaml", withDeclarations),
  generatedFile("docs/config.md", withKeys),
] as const;

/** @param text of Pulumi.yaml. The part before its config is kept. */
function withDeclarations(text: string): string {
  const config = Object.fromEntries(
    keyNames.map((name) => [name, { description: keys.entries[name].meaning, default: keys.entries[name].default }]),
  );
  return text.replace(/^config:\n[^]*/m, () => stringify({ config }, { lineWidth: 120, defaultKeyType: "PLAIN" }));
}

function withKeys(text: string): string {
  const cells = keyNames.map((name) => [
    `\`${name}\``,
    shownDefault(name),
    keys.entries[name].meaning,
    argumentOf(name),
  ]);
  return withTable(text, "config keys", [["key", "default", "meaning", "argument of a component"], ...cells]);
}

function shownDefault(name: Key): string {
  const value: unknown = keys.entries[name].default;
  if (value === "") return "not set";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function argumentOf(name: Key): string {
  const { sets } = keys.entries[name];
  return sets === undefined ? "" : `\`${sets.component}.${sets.name}\``;
}
