import { defaultStack, flag, text, texts } from "../../options.ts";
import { auditedSkus, DefenderPlanMode } from "./choices.ts";
import { defaultPipeline, pipelineNames } from "./pipelines.ts";

export const initOptions = {
  stack: text("--stack <name>", `stack whose config is written (default: ${defaultStack})`),
  location: text("--location <region>", "Azure region, by its short name, such as westeurope"),
  namePrefix: text("--name-prefix <text>", "start of the names of Azure resources (default: PROJECT-STACK)"),
  sku: text("--sku <sku>", `SKU of the Bastion host: ${auditedSkus.join(", ")}`, { suggestions: auditedSkus }),
  vm: texts("--vm <name>", "a VM to create, with login by Entra ID; repeatable"),
  defenderPlan: text(
    "--defender-plan <mode>",
    `Defender for Servers Plan 2, which JIT requires: ${DefenderPlanMode.Manage} (switch it on) or ${DefenderPlanMode.Assume} (it is on)`,
    {
      suggestions: Object.values(DefenderPlanMode),
    },
  ),
  ci: text("--ci <service>", `pipelines to add: ${pipelineNames.join(", ")} (default: ${defaultPipeline})`, {
    suggestions: pipelineNames,
  }),
  yes: flag("-y, --yes", "ask nothing: use the options and the defaults"),
  dryRun: flag("--dry-run", "show what would be written, without writing anything"),
  json: flag("--json", "print one JSON document"),
} as const;
