import { defineCommand } from "../../command.ts";
import { costOptions } from "./options.ts";

export const cost = defineCommand({
  name: "cost",
  summary: "Show what a deployment costs a month, by Microsoft's list prices of today.",
  details:
    "Reads the host, the VMs and the Defender plan from Azure, and their pay-as-you-go prices from Microsoft's Retail Prices API " +
    "(https://prices.azure.com). Says which prices, since when, and what is assumed. What depends on use is not included: " +
    "data transfer, stored and ingested logs, flow logs. Exit code 1: a price was not found, and there is no total; 2: the prices " +
    "cannot be read.",
  options: costOptions,
  examples: [
    ["cost", "The deployment in the settings"],
    ["cost --stack prod --currency EUR --json", "Another currency, for a script"],
  ],
  load: async () => (await import("./runCost.ts")).runCost,
});
