import type { GrantState } from "../../azure/jitGrants.ts";
import type { PortState } from "../../jit/ruleWatch.ts";
import type { Colour } from "../../reporters/style.ts";
import type { Column } from "../../reporters/rows.ts";

/** A requested port, or a port that can be requested. */
export interface GrantRow {
  /**
   * Of a request that has not ended: `active` if its rule opens the port, `closed` if nothing does, `bypassed` if only something else
   * does, `unknown` if the rules or its end cannot be read. `idle`: there is no request for the port.
   */
  readonly state: GrantState | Exclude<PortState, "open"> | "idle";
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
  /** Whether a rule of Defender's for the port is in the network security groups; null if unknown, or if the request has ended. */
  readonly rule: "present" | "missing" | null;
  /** Why the state is unknown; null for any other state. */
  readonly message: string | null;
}

const colours: Partial<Record<GrantRow["state"], Colour>> = {
  active: "green",
  bypassed: "red",
  unknown: "yellow",
  closed: "yellow",
};

/** Remaining time, requestor, VM and reason come first. */
export const grantColumns: readonly Column<GrantRow>[] = [
  { key: "secondsLeft", title: "LEFT", type: "duration", value: ({ secondsLeft }) => secondsLeft },
  { key: "requestor", title: "REQUESTED BY", value: ({ requestor }) => requestor },
  { key: "vm", value: ({ vm }) => vm, short: ({ vmName }) => vmName },
  { key: "port", type: "number", value: ({ port }) => port },
  { key: "reason", type: "prose", value: ({ reason }) => reason, leaveOut: 1 },
  { key: "state", value: ({ state }) => state, colour: ({ state }) => colours[state] },
  { key: "end", title: "UNTIL", type: "time", value: ({ end }) => end, leaveOut: 2 },
  { key: "policy", value: ({ policy }) => policy, short: ({ policyName }) => policyName, leaveOut: 3 },
  { key: "source", value: ({ source }) => source, leaveOut: 4 },
  { key: "start", type: "time", value: ({ start }) => start, leaveOut: 5 },
  {
    key: "longestSeconds",
    title: "MAX",
    type: "duration",
    value: ({ longestSeconds }) => longestSeconds,
    leaveOut: 6,
  },
];
