import { formatOptions, text } from "../../options.ts";

export const driftOptions = {
  stack: text("--stack <name>", "the Pulumi stack to compare (default: the selected one)"),
  ...formatOptions,
} as const;
