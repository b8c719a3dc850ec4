import { callOrFail, errorText } from "../../adminClient.ts";
import { defined } from "../../arm/json.ts";
import type { LoginWish } from "../../bastion/sessionModel.ts";
import { requestAccess, type AccessRequest } from "../../jitRequest.ts";
import { requireRunning } from "../../lifecycle.ts";
import type { CommandContext, CommandResult } from "../command.ts";
import { presentAccess, presentConnect } from "../present.ts";

/** `request`: requests JIT access as the user, through ARM's `initiate`. */
export async function request({ directory }: CommandContext, options: AccessRequest): Promise<CommandResult> {
  const answer = await requestAccess(await requireRunning(directory), options);
  const refused = answer.status >= 300;
  return { json: answer.body, text: refused ? errorText(answer) : presentAccess(answer.body), refused };
}

/** Either `vm` and `user`, or `link`. */
export interface ConnectOptions extends LoginWish {
  readonly vm?: string;
  readonly user?: string;
  /** URL of a shareable link. */
  readonly link?: string;
}

/** `connect`: opens a session through Bastion, or names the NSG rule that refused it. */
export async function connect({ directory }: CommandContext, options: ConnectOptions): Promise<CommandResult> {
  const { vm, user, link, account, protocol, minutes, wrongPassword } = options;
  const body = defined({ vm, user, link, account, protocol, minutes, wrongPassword });
  const answer = await callOrFail(await requireRunning(directory), "POST", "/sandbox/connect", { body });
  return { json: answer, text: presentConnect(answer), refused: answer.outcome !== "connected" };
}
