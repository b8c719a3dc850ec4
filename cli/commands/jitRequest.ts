import { defineCommand } from "../command.ts";
import { duration, formatOptions, requiredText, settingsOptions, wholeNumber } from "../options.ts";

export const jitRequestOptions = {
  for: duration("--for <length>", "how long, such as 30m or 3h (default: 1h, or less where the policy allows less)"),
  reason: requiredText("--reason <text>", "why; Azure keeps it as the request's justification"),
  port: wholeNumber("--port <number>", "only this port (default: every port of the policy)", [1, 65_535]),
  timeout: duration("--timeout <length>", "how long to wait for the rule (default: 3m)"),
  ...formatOptions,
  ...settingsOptions,
} as const;

export const jitRequest = defineCommand({
  name: "jit request",
  summary: "Request just-in-time access to VMs, and wait until their ports are open.",
  details:
    "The ports open to the Bastion subnet's range, the source that the VM's JIT policy names, never to your own address. " +
    "Each VM is asked for by itself: where one is refused, the others are open all the same, and the exit code is 1. A " +
    "request takes the place of an active one for the same port, also when it ends earlier.",
  operands: [{ name: "vm", description: "name of a VM, or its ARM id", required: true, variadic: true }],
  options: jitRequestOptions,
  examples: [
    ['jit request web --for 1h --reason "INC-1042: restart nginx"', "One VM for an hour"],
    ['jit request web db --for 30m --reason "patch" --port 22 --json', "Two VMs, SSH only, for a script"],
  ],
  role: "requester",
  load: async () => (await import("../jit/request.ts")).runJitRequest,
});
