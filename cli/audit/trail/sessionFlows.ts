/** Which sessions a flow may be of: what the join looks at, or some more. Of these, docs/trail.md says which it goes by. */
import type { Surroundings } from "./accessRelations.ts";
import { hostRanges } from "./accessRelations.ts";
import { addressOf, type AddressRange } from "./addressRange.ts";
import type { FlowRow, TrailRow } from "./types.ts";

export class SessionFlows {
  /** Starts, in order, by the lower-case address of the VM. */
  readonly #sessions = new Map<string, { readonly start: number; readonly id: string }[]>();
  readonly #hosts: readonly AddressRange[];
  readonly #skewMs: number;

  /** @param skewMs by how much clocks may differ. */
  constructor(sessions: Iterable<TrailRow>, hosts: Surroundings["hosts"], skewMs: number) {
    for (const { id, start, vmIp } of sessions) {
      if (vmIp === null) continue;
      const key = vmIp.toLowerCase();
      const ofVm = this.#sessions.get(key) ?? [];
      this.#sessions.set(key, ofVm);
      ofVm.push({ start: Date.parse(start), id });
    }
    for (const ofVm of this.#sessions.values()) ofVm.sort((one, other) => one.start - other.start);
    this.#hosts = hostRanges(hosts);
    this.#skewMs = skewMs;
  }

  /**
   * The sessions that began when the flow did, to the VM that it goes to: their ids. None where the flow comes from where no Bastion
   * host is, or its begin is not in the log.
   */
  of({ vmIp, sourceIp, start, state, hasBegin, intervalMs }: FlowRow): string[] {
    if ((!hasBegin && state !== "D") || !this.#isFromHost(sourceIp)) return [];
    const reach = this.#skewMs + intervalMs;
    const ofVm = this.#sessions.get(vmIp.toLowerCase()) ?? [];
    const ids: string[] = [];
    for (let at = firstAt(ofVm, start - reach); (ofVm[at]?.start ?? Infinity) <= start + reach; at += 1) {
      const { id = "" } = ofVm[at] ?? {};
      ids.push(id);
    }
    return ids;
  }

  #isFromHost(sourceIp: string | null): boolean {
    const address = addressOf(sourceIp);
    return address === -1 || this.#hosts.some(({ Lo, Hi }) => address >= Lo && address <= Hi);
  }
}

/** Index of the first session that began at this time or later. */
function firstAt(sessions: readonly { readonly start: number }[], time: number): number {
  let [low, high] = [0, sessions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sessions[middle]?.start ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
