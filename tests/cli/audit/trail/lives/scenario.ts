/** What the scenarios share. */
import type { ActivityEvent } from "../../../../../cli/audit/activity/types.ts";
import {
  allowName,
  asked,
  at,
  byDefender,
  event,
  initiate,
  nsgId,
  nsgWrite,
  policyId,
  rule,
  vmId,
} from "../../activity/events.ts";

export const single = `${nsgId}/securityRules/${allowName}`;
export const openSsh = `${nsgId}/securityRules/OpenSsh`;
export const bob = { caller: "bob@example.com", correlationId: "c0000000-0000-4000-8000-000000000009" };
export const bobs = { ...asked, vms: [{ id: vmId, ports: [{ number: 22, source: "10.60.0.0/26", until: at(5000) }] }] };

export const secondName = allowName.replace("123", "124");
export const written = { resource: nsgId, ...byDefender };
export const port = (number: number) => ({ number, source: "10.60.0.0/26", until: at(3600) });
export const twoPorts = event(0, initiate, {
  ...{ resource: policyId, status: "started" },
  asked: { ...asked, vms: [{ id: vmId, ports: [port(22), port(3389)] }] },
});
export const onRdp = { ...asked, vms: [{ id: vmId, ports: [{ ...port(3389), until: at(5000) }] }] };
/** A request for two ports, and one write with its rule for the first and a wider one for the second. */
export const besideOwn = [
  twoPorts,
  event(2, nsgWrite, {
    ...written,
    rules: [rule(allowName), rule(secondName, { ports: ["3389"], sources: ["VirtualNetwork"] })],
  }),
];

export interface Scenario {
  readonly events: readonly ActivityEvent[];
  readonly grants: readonly string[];
  readonly rules: readonly string[];
  /** When the rules began, where that is not when somebody wrote them. */
  readonly from?: readonly number[];
}

export const ada = "ada@example.com";
export const byAda = `JIT by Defender for ${ada} by id until `;
