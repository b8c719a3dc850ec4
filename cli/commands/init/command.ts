import { defineCommand } from "../../command.ts";
import { initOptions } from "./options.ts";

export const init = defineCommand({
  name: "init",
  summary: "Write a small program that deploys Bastion, JIT access and audit logs, or the config of one more stack.",
  details:
    "In an empty folder, or a repository without a Pulumi project, it writes the program, its project files, the " +
    "pipelines and the config of one stack. In a project that has the program, it writes the config of one more stack. In " +
    "a terminal, it asks for values that no option gives. All problems are reported before anything is written. Existing " +
    "files are listed and left unchanged; a failed write leaves nothing behind.",
  options: initOptions,
  examples: [
    ["init", "Answer a few questions"],
    ["init --location westeurope --vm web --defender-plan manage --yes", "Ask nothing"],
    ["init --stack prod --location westeurope --sku Standard --vm web --yes", "Add a stack to the project"],
    ["init --location westeurope --ci azure --dry-run --yes", "Show what would be written, with Azure Pipelines"],
  ],
  load: async () => (await import("./runInit.ts")).runInit,
});
