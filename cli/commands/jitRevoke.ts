import { defineCommand } from "../command.ts";
import { formatOptions, requiredText, settingsOptions, wholeNumber } from "../options.ts";

export const jitRevokeOptions = {
  reason: requiredText("--reason <text>", "why; it is recorded"),
  port: wholeNumber("--port <number>", "only this port (default: every port of the policy)", [1, 65_535]),
  ...formatOptions,
  ...settingsOptions,
} as const;

export const jitRevoke = defineCommand({
  name: "jit revoke",
  summary: "Shut the ports of VMs before their just-in-time requests end.",
  details:
    "Azure has no call that revokes a request. What is done instead, and told for each VM: Defender's allow rule is deleted " +
    "from the network security group, which shuts the port at once (closed). Where your role may not do that, a newer " +
    "request that ends in 5 minutes takes the place of the active one (shortened): the port is open until then, and the " +
    "exit code is 1. Sessions that are open stay open: see sessions kill.",
  operands: [{ name: "vm", description: "name of a VM, or its ARM id", required: true, variadic: true }],
  options: jitRevokeOptions,
  examples: [
    ['jit revoke web --reason "INC-1042 is done"', "Shut what was opened for a VM"],
    ['jit revoke web db --port 22 --reason "suspicious login" --json', "Shut SSH of two VMs, for a script"],
  ],
  role: "operator",
  load: async () => (await import("../jit/revoke.ts")).runJitRevoke,
});
