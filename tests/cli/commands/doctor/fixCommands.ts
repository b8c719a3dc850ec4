/** Every command that doctor prints, filled in as for a real finding. */
import { catalogue, fixOf, type FindingCode } from "../../../../cli/commands/doctor/catalogue.ts";
import { roleDefinitionOf } from "../../../../cli/commands/doctor/roleDefinition.ts";
import {
  ada,
  accountId,
  bastionRange,
  group,
  hostId,
  nicId,
  policyId,
  subscriptionId,
  vmId,
  workspaceId,
} from "./fixture.ts";

/** A value for each word in angle brackets. */
const values: Readonly<Record<string, string>> = {
  account: accountId,
  assignee: ada.assignee,
  check: "network",
  config: "primary",
  container: "insights-activity-logs",
  days: "30",
  definition: roleDefinitionOf("Bastion Trail Doctor", group),
  group: "rg",
  host: hostId,
  location: "westeurope",
  namespace: "Microsoft.Network",
  nic: nicId,
  nsg: "web-nsg",
  permission: "Microsoft.Network/bastionHosts/read",
  policy: policyId,
  ports: "22 3389",
  range: bastionRange,
  region: "westeurope",
  role: '"Bastion Trail Doctor"',
  rule: "AllowBastion",
  scope: group,
  setting: "audit",
  subscription: subscriptionId,
  vm: vmId,
  workspace: workspaceId,
};

/** @returns a command for each line of each fix, without its remarks. */
export function fixCommands(): { readonly code: FindingCode; readonly command: string }[] {
  return (Object.keys(catalogue) as FindingCode[]).flatMap((code) =>
    fixOf(code, values as never)
      .split("\n")
      .map((line) => ({ code, command: line.replace(/ # .*$/, "") })),
  );
}

/** The words of a command, as a POSIX shell takes them apart; `&&` is a word. */
export function wordsOf(command: string): string[] {
  const words = command.match(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g,
      (_, raw?: string, quoted?: string, escaped?: string) =>
        raw ?? quoted?.replaceAll(/\\(["\\$\x60])/g, "$1") ?? escaped ?? "",
    ),
  );
}

/** The name of a command of the Azure CLI, e.g. `network nsg rule delete`. */
export function azNameOf(words: readonly string[]): string {
  const end = words.findIndex((word) => word.startsWith("-"));
  return words.slice(1, end === -1 ? undefined : end).join(" ");
}
