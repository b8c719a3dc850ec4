import type { GrantState } from "../../azure/jitGrants.ts";
import type { Colour } from "../../reporters/style.ts";
import type { Column } from "../../reporters/rows.ts";

/** A requested port, or a port that can be requested. */
export interface GrantRow {
  /** `closed`: the request has not expired, but its rule is gone. `idle`: there is no request for the port. */
  readonly state: GrantState | "closed" | "idle";
  readonly secondsLeft: number | null;
  /** ARM id. */
  readonly vm: string;
  readonly vmName: string;
  readonly port: number;
  readonly protocol: string | null;
  /** Name of the requestor. */
  readonly requestor: string | null;
  /** Id of the requestor in Azure. */
  readonly requestorId: string | null;
  readonly reason: string | null;
  /** ISO 8601 UTC. */
  readonly start: string | null;
  readonly end: string;
  readonly source: string | null;
  /** Longest duration that can be requested. */
  readonly longestSeconds: number | null;
  /** ARM id. */
  readonly policy: string;
  readonly policyName: string;
  /** Whether Defender's rule is in the network security group; null if unknown, or if the request has ended. */
  readonly rule: "present" | "missing" | null;
}

const colours: Partial<Record<GrantRow["state"], Colour>> = { active: "green", closed: "yellow" };

/** Remaining time, requestor, VM and reason come first. */
export const grantColumns: readonly Column<GrantRow>[] = [
  { key: "secondsLeft", title: "LEFT", type: "duration", value: ({ secondsLeft }) => secondsLeft },
  { key: "requestor", title: "REQUESTED BY", value: ({ requestor }) => requestor },
  { key: "vm", value: ({ vm }) => vm, short: ({ vmName }) => vmName },
  { key: "port", type: "number", value: ({ port }) => port },
  { key: "reason", type: "prose", value: ({ reason }) => reason, leaveOut: 2 },
  { key: "state", value: ({ state }) => state, colour: ({ state }) => colours[state], leaveOut: 1 },
  { key: "end", title: "UNTIL", type: "time", value: ({ end }) => end, leaveOut: 3 },
  { key: "policy", value: ({ policy }) => policy, short: ({ policyName }) => policyName, leaveOut: 4 },
  { key: "source", value: ({ source }) => source, leaveOut: 5 },
  { key: "start", type: "time", value: ({ start }) => start, leaveOut: 6 },
  {
    key: "longestSeconds",
    title: "MAX",
    type: "duration",
    value: ({ longestSeconds }) => longestSeconds,
    leaveOut: 7,
  },
];
