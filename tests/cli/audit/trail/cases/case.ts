import type { JoinedRow, RelationRows } from "../../../../../cli/audit/trail/relations.ts";
import { at, grant, handMade, ip, rule, session } from "../relationRows.ts";

export type Facts = Partial<JoinedRow>;

export interface Case {
  readonly name: string;
  readonly rows: Partial<RelationRows>;
  /** What the join must say, in the order of the sessions. */
  readonly says: readonly Facts[];
}

export const bob = { People: "|bob@example.com|" };
export const second = { GrantId: "g2", RequestId: "r2" };
export const secondRule = {
  RuleId: "u2",
  RequestId: "r2",
  Name: "MicrosoftDefenderForCloud-JITRule-2-0",
  Priority: 101,
};
export const fromBranch = { SourceLo: ip("10.80.0.0"), SourceHi: ip("10.80.0.63") };
export const revoked = { Until: at(5) };
export const instance = (number: number) =>
  `/subscriptions/s1/resourceGroups/app/providers/Microsoft.Compute/virtualMachineScaleSets/web/virtualMachines/${number}`;
export const gap = (from: number, until: number, Tail = false) => ({
  From: at(from),
  Until: at(until),
  Subscription: "",
  Tail,
});
export const denial = (facts: Partial<RelationRows["rules"][number]> = {}) =>
  handMade({ RuleId: "d", Name: "Deny", Allows: false, Priority: 150, ...facts });
export const port2222 = { PortLo: 2222, PortHi: 2222 };

/** One session, and what the join must say of it. */
export function one(name: string, rows: Partial<RelationRows>, says: Facts): Case {
  return { name, rows: { sessions: [session()], ...rows }, says: [says] };
}

export const requested = { grants: [grant()], rules: [rule()] };
