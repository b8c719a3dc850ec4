import type { ArmClient } from "../../azure/armClient.ts";
import { nameOfPrincipal, principalOf } from "../../azure/caller.ts";
import { note, type Io } from "../io.ts";
import { formatTime, type TimeStyle } from "../time.ts";
import type { ReplacedGrant } from "./openPorts.ts";

/** Says whose grants a request replaced, when they would have ended, and when the ports close now. */
export async function tellReplaced(
  io: Io,
  arm: ArmClient,
  vmName: string,
  replaced: readonly ReplacedGrant[],
  style: TimeStyle,
): Promise<void> {
  const me = principalOf(await arm.token());
  for (const { port, requestor, end, until } of replaced) {
    const whose = requestor === null ? "an unknown principal" : nameOfPrincipal(requestor, [me]);
    await note(
      io,
      `note: replaced the request of ${whose} for port ${port} of ${vmName}, which would have ended at ${formatTime(end, style)}. The port is now open until ${formatTime(until, style)}.`,
    );
  }
}
