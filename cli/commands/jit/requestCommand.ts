import { defineCommand } from "../../command.ts";
import { jitRequestOptions } from "./requestOptions.ts";

export const jitRequest = defineCommand({
  name: "jit request",
  summary: "Request just-in-time access to VMs and wait until their ports are open.",
  details:
    "The ports open to the Bastion subnet, never to your own address: until the request ends, everybody who can use the " +
    "Bastion host can reach them. Each VM gets its own request; if one is refused, the others are still opened and the " +
    "exit code is 1. Azure replaces an active request for the same port by the new one. So that nobody loses access " +
    "early, the new request lasts at least as long as the one it replaces.",
  operands: [
    { name: "vm", description: "a VM: name, GROUP/NAME or ARM id", required: true, variadic: true, completes: "vm" },
  ],
  options: jitRequestOptions,
  examples: [
    ['jit request web --for 1h --reason "INC-1042: restart nginx"', "One VM for an hour"],
    ['jit request web db --for 30m --reason "patch" --port 22 --json', "Two VMs, SSH only, for a script"],
  ],
  role: "requester",
  load: async () => (await import("./request.ts")).runJitRequest,
});
