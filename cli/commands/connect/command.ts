import { defineCommand } from "../../command.ts";
import { connectOptions } from "./options.ts";

export const connect = defineCommand({
  name: "connect",
  summary: "Request just-in-time access to a VM and connect to it through Bastion.",
  details:
    "Uses your own active request for the port, or makes one. A request opens the path from the Bastion subnet to the " +
    "port for everybody who can use the Bastion host, until it ends; it never ends somebody else's request early. Then " +
    "the Azure CLI takes over: `az network bastion ssh` for Linux, `rdp` for Windows on Windows, `tunnel` for Windows " +
    "elsewhere. Its exit code is passed on. Everything that could prevent the connection is checked before access is " +
    "requested. --json and --csv imply --dry-run.",
  operands: [
    { name: "vm", description: "the VM: name, GROUP/NAME or ARM id", required: true, completes: "vm" },
    { name: "ssh-argument", description: "arguments for ssh, after --", variadic: true, afterDashes: true },
  ],
  options: connectOptions,
  examples: [
    ['connect web --for 1h --reason "INC-1042: restart nginx"', "Request access and open an SSH session"],
    ["connect web -- -L 8080:localhost:80", "Forward a port, using your active request"],
    ['connect win --tunnel 13389 --reason "patch"', "A tunnel for your own RDP client"],
    ["connect web --ride --dry-run", "Show what would be done with a colleague's request"],
  ],
  role: "requester",
  load: async () => (await import("./connect.ts")).runConnect,
});
