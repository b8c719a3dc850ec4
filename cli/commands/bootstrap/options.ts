import { flag, text, texts, under } from "../../options.ts";

/**
 * One option for each config key of the program `@bastion-trail/bootstrap`, under the same name. The program validates
 * the values.
 */
export const configOptions = under("Config of the subscription:", {
  location: text("--location <region>", "Azure region of everything, such as westeurope"),
  namePrefix: text("--name-prefix <text>", "name of the resource group, and start of all other names"),
  repository: text(
    "--repository <owner/name>",
    "GitHub repository whose workflows sign in (default: the remote `origin`)",
  ),
  branch: text("--branch <name>", "branch whose workflows may sign in as the auditor"),
  environment: text("--environment <name>", "protected environment whose jobs deploy"),
  azureDevOpsIssuer: text("--azure-devops-issuer <url>", "issuer that the Azure DevOps service connections show"),
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
  defenderPlan: text("--defender-plan <what>", "whether to switch on Defender for Servers Plan 2"),
  flowLogs: text("--flow-logs <where>", "what the stacks of this subscription have for flow logs"),
});

export type ConfigKey = keyof typeof configOptions;

export const bootstrapOptions = {
  stack: text(
    "--stack <name>",
    "name of the stacks of this environment, the project's and the bootstrap's (default: dev)",
  ),
  subscription: text("--subscription <id>", "Azure subscription (default: that of the stack file or the environment)"),
  ...configOptions,
  dryRun: flag("--dry-run", "show what would be created or changed, and create nothing"),
  destroy: flag("--destroy", "move the state back to this computer, and delete everything"),
  printPermissions: flag("--print-permissions", "show what you need and what each identity gets, and do nothing else"),
  setVariables: flag("--set-variables", "set the repository's variables and protect its environment with `gh`"),
  perEnvironment: flag("--per-environment", "keep every variable in the environment, for a second one of a repository"),
  reviewers: texts("--reviewer <login>", "who approves deployments, with --set-variables; repeatable (default: you)"),
  program: text(
    "--program <folder>",
    "folder of the bootstrap program (default: bootstrap/, else the installed package)",
    {
      completes: "folder",
    },
  ),
  secretsProvider: text(
    "--secrets-provider <url>",
    "secrets provider of the moved state (default: the key that is created)",
  ),
  yes: flag("-y, --yes", "do not ask"),
  json: flag("--json", "print one JSON document"),
} as const;
