import { defineCommand } from "../command.ts";
import { choice, duration, flag, formatOptions, settingsFor, text, wholeNumber } from "../options.ts";

export const connectOptions = {
  for: duration(
    "--for <length>",
    "with a request: how long, such as 30m (default: 1h, or less where the policy allows less)",
  ),
  reason: text("--reason <text>", "why; needed when no request is active"),
  newRequest: flag("--new-request", "request access of your own, also where a request is active"),
  port: wholeNumber("--port <number>", "port of the VM (default: 22 with Linux, 3389 with Windows)", [1, 65_535]),
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
  timeout: duration("--timeout <length>", "how long to wait for the rule (default: 3m)"),
  ...formatOptions,
  ...settingsFor("subscription", "bastion"),
} as const;

export const connect = defineCommand({
  name: "connect",
  summary: "Connect to a VM through Bastion, with a just-in-time request if none is active.",
  details:
    "Hands over to the Azure CLI: `az network bastion ssh` for Linux, `rdp` for Windows from Windows, `tunnel` for Windows " +
    "from elsewhere; its exit code is passed on. Where the Bastion host has no native client (Developer, Basic, or " +
    "tunneling switched off), the portal's page of the VM is printed, from which one connects. With --json or --csv " +
    "nothing is started: what would be, is printed.",
  operands: [
    { name: "vm", description: "name of the VM, or its ARM id", required: true },
    { name: "ssh-argument", description: "goes on to ssh; put -- before the first", variadic: true },
  ],
  options: connectOptions,
  examples: [
    ['connect web --for 1h --reason "INC-1042: restart nginx"', "An SSH session, requested if need be"],
    ["connect web -- -L 8080:localhost:80", "With a forwarded port, while a request is active"],
    ['connect win --tunnel 13389 --reason "patch"', "A tunnel for an RDP client of your own"],
  ],
  role: "requester",
  load: async () => (await import("../connect/connect.ts")).runConnect,
});
