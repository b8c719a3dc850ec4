import { defineCommand } from "../../command.ts";
import { costOptions } from "./options.ts";

export const cost = defineCommand({
  name: "cost",
  summary: "Show the monthly cost of a deployment at Microsoft's list prices of today.",
  details:
    "Reads the host, the VMs and the Defender plan from Azure, and their pay-as-you-go prices from Microsoft's Retail " +
    "Prices API (https://prices.azure.com). Shows each price, the source, the assumptions and what is not included because " +
    "it depends on use. Exit code 1 if a price was not found, so that there is no total; 2 if the deployment or the prices " +
    "cannot be read.",
  options: costOptions,
  examples: [
    ["cost", "The deployment in the settings"],
    ["cost --stack prod --currency EUR --json", "Another currency, for a script"],
  ],
  load: async () => (await import("./runCost.ts")).runCost,
});
