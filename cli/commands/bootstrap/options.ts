import { checkGuid } from "../../azure/identifiers.ts";
import { checked, defaultStack, flag, text, texts, under } from "../../options.ts";

/**
 * One option for each config key of the program `@bastion-trail/bootstrap`, under the same name. The program validates
 * the values.
 */
export const configOptions = under("Config of the subscription:", {
  location: text("--location <region>", "Azure region of all resources, such as westeurope"),
  namePrefix: text("--name-prefix <text>", "name of the resource group, and start of all other names"),
  repository: text(
    "--repository <owner/name>",
    "GitHub repository whose workflows sign in (default: the remote `origin`)",
  ),
  branch: text("--branch <name>", "branch whose workflows may sign in as the auditor"),
  environment: text("--environment <name>", "protected environment whose jobs deploy"),
  azureDevOpsIssuer: text("--azure-devops-issuer <url>", "issuer shown by the Azure DevOps service connections"),
  azureDevOpsReaderSubject: text("--azure-devops-reader-subject <text>", "subject of the reader's service connection"),
  azureDevOpsAuditorSubject: text(
    "--azure-devops-auditor-subject <text>",
    "subject of the auditor's service connection",
  ),
  azureDevOpsDeployerSubject: text(
    "--azure-devops-deployer-subject <text>",
    "subject of the deployer's service connection",
  ),
  operatorsGroupId: text("--operators-group <id>", "object id of the Entra group of operators"),
  requestersGroupId: text("--requesters-group <id>", "object id of the Entra group that may request access"),
  analystsGroupId: text("--analysts-group <id>", "object id of the Entra group that may read the logs"),
  defenderPlan: text(
    "--defender-plan <what>",
    "Defender for Servers Plan 2: manage (switch it on) or assume (it is on)",
  ),
  flowLogs: text(
    "--flow-logs <where>",
    "flow logs of this subscription's stacks: off, archive or archive-and-workspace",
  ),
});

export type ConfigKey = keyof typeof configOptions;

/** The flag that sets a key of the config, such as `--operators-group`. */
export function flagOf(key: ConfigKey): string {
  return configOptions[key].flags.split(" ", 1)[0] ?? key;
}

export const bootstrapOptions = {
  stack: text(
    "--stack <name>",
    `name of the stacks of this environment, the project's and the bootstrap's (default: ${defaultStack})`,
  ),
  subscription: checked(
    "--subscription <id>",
    "Azure subscription (default: that of the stack file or the environment)",
    checkGuid,
  ),
  ...configOptions,
  dryRun: flag("--dry-run", "show what would be created or changed, without creating anything"),
  destroy: flag("--destroy", "move the state back to this computer, and delete everything"),
  printPermissions: flag("--print-permissions", "print the rights that you need and that each identity gets, and exit"),
  setVariables: flag("--set-variables", "set the repository's variables and protect its environment with `gh`"),
  perEnvironment: flag(
    "--per-environment",
    "store every variable in the environment, not the repository: for a second environment",
  ),
  reviewers: texts("--reviewer <login>", "with --set-variables: who approves deployments; repeatable (default: you)"),
  program: text(
    "--program <folder>",
    "folder of the bootstrap program (default: bootstrap/, else the installed package)",
    {
      completes: "folder",
    },
  ),
  secretsProvider: text("--secrets-provider <url>", "secrets provider of the moved state (default: the created key)"),
  yes: flag("-y, --yes", "do not ask for confirmation"),
  json: flag("--json", "print one JSON document"),
} as const;
