import { shortestRequestMinutes } from "@bastion-trail/core/rules/jitDuration";
import { defineCommand } from "../../command.ts";
import { jitRevokeOptions } from "./revokeOptions.ts";

export const jitRevoke = defineCommand({
  name: "jit revoke",
  summary: "Close ports of VMs before their just-in-time requests end.",
  details:
    "Azure has no call that revokes a request. Instead, Defender's allow rule is deleted from the network security group, " +
    `which closes the port at once (closed). If your role or a lock forbids that, a new request for ${shortestRequestMinutes} minutes replaces ` +
    "the active one (shortened): the port stays open until then, and the exit code is 1. Open sessions stay open: see " +
    "sessions kill.",
  operands: [
    { name: "vm", description: "a VM: name, GROUP/NAME or ARM id", required: true, variadic: true, completes: "vm" },
  ],
  options: jitRevokeOptions,
  examples: [
    ['jit revoke web --reason "INC-1042 is done"', "Close the ports of a VM"],
    ['jit revoke web db --port 22 --reason "suspicious login" --json', "Close SSH on two VMs, for a script"],
  ],
  role: "operator",
  load: async () => (await import("./revoke.ts")).runJitRevoke,
});
