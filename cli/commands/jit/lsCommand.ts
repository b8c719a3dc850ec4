import { defineCommand } from "../../command.ts";
import { jitLsOptions } from "./lsOptions.ts";

export const jitLs = defineCommand({
  name: "jit ls",
  summary: "List just-in-time requests, active ones first, and the ports that can be requested.",
  details:
    "States: active (the port is open), closed (the request is still active, but its rule is gone from the network " +
    "security group), idle (the port is not requested), expired, replaced (by a newer request), revoked. If your role " +
    "cannot read the network security group, a current request is shown as active.",
  options: jitLsOptions,
  examples: [
    ["jit ls", "All requests and ports"],
    ["jit ls --active --json", "What is open now, for a script"],
    ["jit ls --vm web", "The ports of one VM and the requests for them"],
  ],
  role: "requester",
  load: async () => (await import("./list.ts")).runJitLs,
});
