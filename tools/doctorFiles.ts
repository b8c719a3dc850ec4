/** Generates the lists of doctor's checks and findings in docs/cli.md. */
import { catalogue } from "../cli/commands/doctor/catalogue.ts";
import { checkNames, loadCheck } from "../cli/commands/doctor/checks/index.ts";
import { generatedFile, withBlock, withTable } from "./generatedFile.ts";

export const doctorFiles = [
  generatedFile("docs/cli.md", async (text) => withFindings(await withChecks(text))),
] as const;

async function withChecks(text: string): Promise<string> {
  const checks = await Promise.all(checkNames.map(loadCheck));
  const cells = checks.map(({ name, title }) => [`\`${name}\``, title]);
  return withTable(text, "checks", [["check", "makes sure that"], ...cells]);
}

function withFindings(text: string): string {
  const entries = Object.entries(catalogue).map(([code, { severity, title, fix }]) => {
    const lines = fix.split("\n").map((line) => `  \`${line}\``);
    return [`- **\`${code}\`** (${severity}): ${title}`, ...lines].join("\n");
  });
  return withBlock(text, "findings", entries.join("\n"));
}
