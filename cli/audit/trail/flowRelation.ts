import { addressOf } from "./addressRange.ts";
import type { RowOf } from "./relations.ts";
import { shortId } from "./shortId.ts";
import type { FlowRow } from "./types.ts";

/** IANA number: Bastion reaches VMs by TCP. */
const tcp = 6;

/** Connections whose begin is known: what was there before the log began tells nothing of when it was admitted. */
export async function* flowRows(flows: AsyncIterable<FlowRow>): AsyncGenerator<RowOf<"flows">> {
  for await (const flow of flows) {
    if (flow.protocol !== tcp || !(flow.hasBegin || flow.state === "D")) continue;
    const { vmIp, port, sourceIp, sourcePort, start, end, rule, state, bytes, intervalMs } = flow;
    yield {
      FlowId: shortId(vmIp, port, sourceIp, sourcePort, start),
      VmIp: vmIp,
      Port: port,
      Source: addressOf(sourceIp),
      Start: start,
      // Of a summed row, neither the end nor the bytes are those of the whole connection.
      Finish: state === "E" && intervalMs === 0 ? end : 0,
      Rule: rule ?? "",
      Refused: state === "D",
      Bytes: intervalMs === 0 ? bytes : -1,
      Interval: intervalMs,
    };
  }
}
