import { note, type Io } from "../io.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { formatTime, type TimeStyle } from "../time.ts";
import type { ReplacedGrant } from "./openPorts.ts";
import { shownRequestor } from "./requestor.ts";

/** Reports whose grants a request replaced, their original ends, and when the new one ends. */
export async function tellReplaced(
  io: Io,
  vmName: string,
  replaced: readonly ReplacedGrant[],
  style: TimeStyle,
): Promise<void> {
  for (const { port, end, until, ...who } of replaced) {
    await note(
      io,
      visible(
        `note: replaced the request of ${shownRequestor(who)} for port ${port} of ${vmName}, which would have ended at ${formatTime(end, style)}. The new one ends at ${formatTime(until, style)}.`,
      ),
    );
  }
}
