/**
 * Writes azArguments.json: the arguments of each command of the Azure CLI that doctor prints, by the CLI's own help.
 * `node tests/cli/commands/doctor/writeAzArguments.ts PATH_TO_AZ`, after a command was added or az has a new version.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { azNameOf, fixCommands, wordsOf } from "./fixCommands.ts";

const [az = "az"] = process.argv.slice(2);
const run = (...args: string[]): string =>
  execFileSync(az, args, { encoding: "utf8", env: { ...process.env, AZURE_CORE_COLLECT_TELEMETRY: "false" } });

const names = new Set(
  fixCommands().flatMap(({ command }) => (command.startsWith("az ") ? azNameOf(wordsOf(command)) : [])),
);
const [, version = ""] = /"azure-cli": "([^"]+)"/.exec(run("version")) ?? [];
const commands = [...names].sort().map((name) => {
  const help = run(...name.split(" "), "--help");
  const rows = [...help.matchAll(/^ {4}((?:--?[\w-]+ ?)+) *(\[Required\])?/gm)];
  const options = rows.map(([, spellings = "", required]) => ({ spellings: spellings.trim().split(/ +/), required }));
  return [
    name,
    {
      options: options.flatMap(({ spellings }) => spellings).sort(),
      required: options.filter(({ required }) => required !== undefined).map(({ spellings }) => spellings),
    },
  ];
});
const file = join(import.meta.dirname, "azArguments.json");
writeFileSync(file, `${JSON.stringify({ version, commands: Object.fromEntries(commands) as object }, undefined, 2)}\n`);
