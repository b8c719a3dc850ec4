import { defineCommand } from "../../command.ts";
import { reportOptions } from "./options.ts";

export const report = defineCommand({
  name: "report",
  summary: "Write the access trail as one HTML page that works offline.",
  details:
    "The page has a timeline for each VM, with grants, rules and sessions coloured by verdict; search and filters; the records behind " +
    "each session; totals per person and VM; and what was read of each log. It is one file that loads nothing from anywhere. It has " +
    "names and addresses of people, so only its owner may read it.",
  options: reportOptions,
  examples: [
    ["report --from 2026-01-01 --to 2026-04-01 --out quarter.html", "A quarter, from the archive"],
    ["report --since 7d --out week.html --force", "The last week, over an earlier file"],
    ["report --source ./logs --out trail.html", "Downloaded logs, without Azure"],
  ],
  load: async () => (await import("./runReport.ts")).runReport,
});
