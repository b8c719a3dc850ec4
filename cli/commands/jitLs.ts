import { defineCommand } from "../command.ts";
import { flag, formatOptions, settingsOptions, text } from "../options.ts";

export const jitLsOptions = {
  vm: text("--vm <name>", "only this VM: its name or ARM id"),
  active: flag("--active", "only requests that are active now"),
  ...formatOptions,
  ...settingsOptions,
} as const;

export const jitLs = defineCommand({
  name: "jit ls",
  summary: "Show just-in-time requests, the active ones first, and the ports that can be requested.",
  details:
    "States: active, the port is open; shut, the request still runs but its rule is gone from the network security group; " +
    "closed, nobody has the port open; expired, replaced by a newer request, or revoked. Where your role may not read the " +
    "network security group, a running request counts as active.",
  options: jitLsOptions,
  examples: [
    ["jit ls", "Everything, the active requests first"],
    ["jit ls --active --json", "What is open now, for a script"],
    ["jit ls --vm web", "One VM: its ports, and the requests for them"],
  ],
  role: "requester",
  load: async () => (await import("../jit/list.ts")).runJitLs,
});
