/**
 * Generates `template/`, from which `pulumi new` creates a project: the files that `bastion-trail init` writes, with
 * the placeholders of a template in Pulumi.yaml.
 */
import { stringify } from "yaml";
import { projectFiles } from "../cli/commands/init/plan.ts";
import { projectFile } from "../cli/commands/init/sources.ts";
import { type Key, keys } from "../program/config/keys.ts";
import { generatedFile } from "./generatedFile.ts";

/** Keys that `pulumi new` asks for, with the default answer. */
const asked = {
  location: "westeurope",
  bastionSku: keys.entries.bastionSku.default,
  defenderPlan: keys.entries.defenderPlan.default,
} satisfies Partial<Record<Key, string>>;

export const templateFiles = Object.entries(projectFiles("github")).map(([path, text]) =>
  generatedFile(`template/${path}`, () => (path === projectFile ? asTemplate(text) : text)),
);

/** Pulumi replaces `${PROJECT}` and `${DESCRIPTION}` by the answers, and removes the section `template`. */
function asTemplate(text: string): string {
  const [, description = ""] = /^description: (.*)$/m.exec(text) ?? [];
  const config = Object.fromEntries(
    Object.entries(asked).map(([key, value]) => [
      key,
      { description: keys.entries[key as keyof typeof asked].meaning, default: value },
    ]),
  );
  const quickstart =
    "Add VMs to the config, such as `pulumi config set --path 'vms[0].name' web` and `pulumi config set --path 'vms[0].login' entraId`. " +
    "README.md has the next steps.";
  const template = stringify({ template: { description, quickstart, config } }, { lineWidth: 120 });
  return text
    .replace(/^name: .*$/m, () => "name: ${PROJECT}")
    .replace(/^description: .*$/m, () => "description: ${DESCRIPTION}")
    .replace(/^(?=# Every key)/m, () => `${template}\n`);
}
