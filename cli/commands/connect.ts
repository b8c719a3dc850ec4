import { defineCommand, type Input } from "../command.ts";
import { choice, duration, flag, formatOptions, settingsFor, text, wholeNumber } from "../options.ts";

export const connectOptions = {
  reason: text("--reason <text>", "why access is needed; required unless a request of yours is active"),
  for: duration(
    "--for <length>",
    "how long to request access, such as 30m (default: 1h, or the policy's maximum if less)",
  ),
  ride: flag("--ride", "use an active request, whoever made it, instead of requesting access"),
  port: wholeNumber("--port <number>", "port of the VM (default: 22 for Linux, 3389 for Windows)", [1, 65_535]),
  auth: choice("--auth <how>", "how to log in by SSH (default: what the VM is set up for)", [
    "aad",
    "ssh-key",
    "password",
  ]),
  username: text("--username <name>", "account on the VM (default: its administrator)"),
  sshKey: text("--ssh-key <file>", "private key (default: id_ed25519, id_ecdsa or id_rsa in ~/.ssh)", {
    completes: "file",
  }),
  tunnel: wholeNumber("--tunnel <port>", "open a tunnel on this local port instead of a session", [1, 65_535]),
  portal: flag("--portal", "print the link to the VM in the portal instead of starting the Azure CLI"),
  timeout: duration("--timeout <length>", "how long to wait for Defender's rule (default: 3m)"),
  dryRun: flag("-n, --dry-run", "print what would be done; open and start nothing"),
  ...formatOptions,
  ...settingsFor("subscription", "bastion"),
} as const;

export type ConnectOptions = Input<typeof connectOptions>;

export const connect = defineCommand({
  name: "connect",
  summary: "Request just-in-time access to a VM and connect to it through Bastion.",
  details:
    "Uses your own active request for the port, or makes one. A request opens the path from the Bastion subnet to the port " +
    "for everybody who can use the Bastion host, until it ends; it never ends somebody else's request early. Then the " +
    "Azure CLI takes over: `az network bastion ssh` for Linux, `rdp` for Windows on Windows, `tunnel` for Windows " +
    "elsewhere. Its exit code is passed on. Everything that would keep it from connecting is checked before access is " +
    "requested. --json and --csv imply --dry-run.",
  operands: [
    { name: "vm", description: "name of the VM, or its ARM id", required: true, completes: "vm" },
    { name: "ssh-argument", description: "passed on to ssh; put -- before the first", variadic: true },
  ],
  options: connectOptions,
  examples: [
    ['connect web --for 1h --reason "INC-1042: restart nginx"', "An SSH session for which access is requested"],
    ["connect web -- -L 8080:localhost:80", "With a forwarded port, while a request of yours is active"],
    ['connect win --tunnel 13389 --reason "patch"', "A tunnel for your own RDP client"],
    ["connect web --ride --dry-run", "What would happen with a colleague's request"],
  ],
  role: "requester",
  load: async () => (await import("../connect/connect.ts")).runConnect,
});
