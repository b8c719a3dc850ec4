import { note, type Io } from "../io.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { formatTime, type TimeStyle } from "../time.ts";

/** Reports that a request was sent before the user stopped the command: Azure carries it out nevertheless. */
export async function tellInterrupted(io: Io, vmName: string, until: string, style: TimeStyle): Promise<void> {
  const text =
    `Interrupted after the request for ${vmName} was sent: its ports may be open until ${formatTime(until, style)}. ` +
    `Close them with: bastion-trail jit revoke ${vmName} --reason TEXT`;
  await note(io, visible(text));
}
