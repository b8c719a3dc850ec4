/** The content of `Pulumi.<stack>.yaml`: every key with its meaning. Keys that keep their default are commented out. */
import { stringify } from "yaml";
import { docs } from "../../documentation.ts";
import { configKeys, type StackNames, type StackValues } from "./stackConfig.ts";

const width = 120;

export function stackFile(values: StackValues, { project, stack }: StackNames): string {
  const given: Readonly<Record<string, unknown>> = { ...values };
  const keys = configKeys.flatMap(({ name, meaning, fallback }) => {
    const isGiven = given[name] !== undefined;
    const entry = entryOf(`${project}:${name}`, isGiven ? given[name] : fallback);
    return ["", ...comment(meaning), ...(isGiven ? entry : entry.map((line) => `# ${line}`))];
  });
  const head = comment(
    `Config of the stack ${stack}. Keys that are commented out show their defaults. About the keys: ` +
      docs("config.md"),
  );
  const lines = [...head, "config:", ...keys.slice(1).map((line) => (line === "" ? "" : `  ${line}`))];
  return `${lines.join("\n")}\n`;
}

/** A key with its value, as lines of YAML. */
function entryOf(key: string, value: unknown): string[] {
  return stringify({ [key]: value }, { defaultKeyType: "PLAIN", lineWidth: 0 })
    .trimEnd()
    .split("\n");
}

function comment(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= width - 4) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
