/** The requests in a JIT policy, one entry per port, with their state. */
import { isSameIgnoringCase } from "../names/ignoringCase.ts";
import type { JitPolicy, JitPort, RequestedPort } from "./jitPolicies.ts";
import { nameOf } from "./read.ts";

/** `unknown`: not revoked, and its end cannot be read. */
export type GrantState = "active" | "unknown" | "expired" | "replaced" | "revoked";

/** A port that a request opened for some time. */
export interface JitGrant {
  readonly state: GrantState;
  /** ARM id. */
  readonly vm: string;
  readonly vmName: string;
  readonly port: number;
  readonly source: string | null;
  /** Account or application id of the requestor. */
  readonly requestor: string | null;
  readonly reason: string | null;
  /** ISO 8601 UTC. */
  readonly start: string;
  /** When it ends or was scheduled to end, ISO 8601 UTC. */
  readonly end: string;
  /** ARM id of the policy. */
  readonly policy: string;
}

/** Returns the requested ports of a policy, newest request first. */
export function grantsOf(policy: JitPolicy, now: Date): JitGrant[] {
  const grants = policy.requests.flatMap((request) =>
    request.ports.map((port) => ({
      state: stateOf(port, now),
      vm: port.vm,
      vmName: nameOf(port.vm),
      port: port.port,
      source: port.source,
      requestor: request.requestor,
      reason: request.justification,
      start: canonical(request.start),
      end: canonical(port.end),
      policy: policy.id,
    })),
  );
  return grants.sort((a, b) => b.start.localeCompare(a.start));
}

/** What a grant opens: a port of its VM to some sources. */
export type GrantedPort = Pick<JitPort, "number" | "protocol" | "sources">;

/** A request without a source may use any source that the policy allows. */
export function grantedPort(policy: JitPolicy, { vm, port, source }: JitGrant): GrantedPort {
  const ports = policy.vms.find(({ id }) => isSameIgnoringCase(id, vm))?.ports;
  const allowed = ports?.find(({ number }) => number === port);
  return {
    number: port,
    protocol: allowed?.protocol ?? "*",
    sources: source?.split(/\s*,\s*/) ?? allowed?.sources ?? [],
  };
}

/**
 * Returns the state of a port. Any status but `Revoked` counts as granted: Azure's own example has `Initiating`, which its
 * enumeration lacks.
 */
function stateOf({ end, status, statusReason }: RequestedPort, now: Date): GrantState {
  if (status?.toLowerCase() !== "revoked") {
    const time = Date.parse(end);
    if (Number.isNaN(time)) return "unknown";
    return time > now.getTime() ? "active" : "expired";
  }
  switch (statusReason?.toLowerCase() ?? "") {
    case "expired":
      return "expired";
    case "newerrequestinitiated":
      return "replaced";
    default:
      return "revoked";
  }
}

/** Returns a time in one format, so that texts can be compared: Azure writes seven decimals. */
function canonical(time: string): string {
  const moment = new Date(time);
  return Number.isNaN(moment.getTime()) ? time : moment.toISOString();
}
