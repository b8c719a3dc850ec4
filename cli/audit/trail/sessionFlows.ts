/**
 * Finds the sessions that a flow may belong to: at least those that the join considers. docs/trail.md describes how the join
 * chooses among them.
 */
import type { AskedFlows } from "../flows/recordedFlows.ts";
import type { Surroundings } from "./accessRelations.ts";
import { hostRanges } from "./accessRelations.ts";
import { addressOf, type AddressRange } from "./addressRange.ts";
import type { FlowRow, TrailRow } from "./types.ts";

export class SessionFlows implements AskedFlows {
  /** Sessions sorted by start, keyed by the VM's address in lower case. */
  readonly #sessions = new Map<string, { readonly start: number; readonly id: string }[]>();
  readonly #hosts: readonly AddressRange[];
  readonly #skewMs: number;

  /** @param skewMs how far clocks may differ, in milliseconds. */
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
   * Returns the ids of the sessions to the flow's VM that began when the flow did, or when one of those did that it sums up. Returns
   * none if the flow's source is not a Bastion host, or if its begin is not in the log.
   */
  of({ vmIp, sourceIp, start, state, hasBegin, intervalMs }: FlowRow): string[] {
    if ((!hasBegin && state !== "D") || !this.#isFromHost(sourceIp)) return [];
    const ofVm = this.#sessions.get(vmIp.toLowerCase()) ?? [];
    const ids: string[] = [];
    // A row of sums begins with the first of its connections.
    const last = start + intervalMs + this.#skewMs;
    for (let at = firstAt(ofVm, start - this.#skewMs); (ofVm[at]?.start ?? Infinity) <= last; at += 1) {
      const { id = "" } = ofVm[at] ?? {};
      ids.push(id);
    }
    return ids;
  }

  isAsked(flow: FlowRow): boolean {
    return this.of(flow).length > 0;
  }

  mayGoOn({ vmIp, sourceIp }: FlowRow): boolean {
    return this.#sessions.has(vmIp.toLowerCase()) && this.#isFromHost(sourceIp);
  }

  #isFromHost(sourceIp: string | null): boolean {
    const address = addressOf(sourceIp);
    return address === -1 || this.#hosts.some(({ Lo, Hi }) => address >= Lo && address <= Hi);
  }
}

/** Returns the index of the first session that began at or after this time. */
function firstAt(sessions: readonly { readonly start: number }[], time: number): number {
  let [low, high] = [0, sessions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sessions[middle]?.start ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
