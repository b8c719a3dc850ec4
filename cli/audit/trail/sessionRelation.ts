import type { Session } from "../records/types.ts";
import { addressOf } from "./addressRange.ts";
import type { RowOf } from "./relations.ts";
import { sessionId } from "./shortId.ts";

/** @param now what an open session was last seen at. */
export function sessionRow(session: Session, now: Date): RowOf<"sessions"> {
  const { start, end, state, vm, vmName, vmIp, durationSeconds } = session;
  const started = Date.parse(start);
  const finish = end === null ? 0 : Date.parse(end);
  const seen = state === "open" ? now.getTime() : started + (durationSeconds ?? 0) * 1000;
  return {
    Id: sessionId(session),
    Tunnel: session.tunnelId ?? "",
    Start: started,
    Finish: finish,
    Seen: finish === 0 ? Math.round(seen) : finish,
    State: state,
    Vm: vm ?? "",
    VmName: vmName ?? "",
    VmIp: vmIp ?? "",
    VmAddress: addressOf(vmIp),
    Subscription: vm?.split("/")[2]?.toLowerCase() ?? "",
    Protocol: session.protocol ?? "",
    ClientIp: session.clientIp ?? "",
    Person: session.person ?? "",
    Account: session.account ?? "",
    Outcome: session.outcome,
    Bastion: session.bastion ?? "",
  };
}
