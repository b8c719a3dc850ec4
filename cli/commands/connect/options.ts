import { type Input } from "../../command.ts";
import { choice, duration, flag, formatOptions, settingsFor, text, wholeNumber } from "../../options.ts";
import { timeoutOption, usualGrantText } from "../jit/requestOptions.ts";

export const connectOptions = {
  reason: text("--reason <text>", "why access is needed; required unless a request of yours is active"),
  for: duration("--for <length>", `how long to request access, such as 30m (default: ${usualGrantText})`),
  ride: flag("--ride", "use an active request, even somebody else's, instead of requesting access"),
  port: wholeNumber("--port <number>", "port of the VM (default: 22 for Linux, 3389 for Windows)", [1, 65_535]),
  auth: choice("--auth <how>", "SSH login method (default: the one that the VM is set up for)", [
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
  timeout: timeoutOption,
  dryRun: flag("-n, --dry-run", "print what would be done, without opening or starting anything"),
  ...formatOptions,
  ...settingsFor("subscription", "bastion"),
} as const;

export type ConnectOptions = Input<typeof connectOptions>;
