/** The facts of a request, a grant or a rule, by name. */
import type { TrailGrant, TrailRequest, TrailRule, TrailRuleRow } from "../../audit/trail/types.ts";
import { formatTime } from "./format.ts";

/** A fact that is null is not known, and left out. */
export type Fact = readonly [name: string, value: string | null | undefined];

export function requestFacts(request: TrailRequest): Fact[] {
  const { id, by, at, from, until, askedUntil, endedBy, reason, correlationId } = request;
  return [
    ["Id", id],
    ["Requested by", by],
    ["At", time(at)],
    ["From", time(from)],
    ["Until", time(until)],
    ["Asked until", askedUntil === until ? null : time(askedUntil)],
    ["Ended by", endedBy ?? "nothing yet"],
    ["Reason", reason],
    ["Correlation id", correlationId],
  ];
}

export function grantFacts({ vmName, vm, port, sources, sessions }: TrailGrant): Fact[] {
  return [
    ["VM", vmName],
    ["VM id", vm],
    ["Port", String(port)],
    ["Sources", sources.join(", ")],
    ["Sessions", String(sessions)],
  ];
}

export function ruleFacts({ name, priority, author, sources, ports }: TrailRule): Fact[] {
  return [
    ["Name", name],
    ["Priority", priority === null ? null : String(priority)],
    ["Author", author],
    ["Sources", sources.join(", ")],
    ["Ports", ports.join(", ")],
  ];
}

export function ruleRowFacts(rule: TrailRuleRow): Fact[] {
  return [
    ["Kind", rule.kind],
    ["From", time(rule.from)],
    ["Until", rule.until === null ? "no log tells" : time(rule.until)],
    ["Destinations", rule.destinations.join(", ")],
    ["Security group", rule.group],
    ["VMs", rule.vms.join(", ")],
    ["Request", rule.request],
    ["Sessions", String(rule.sessions)],
    ["Correlation id", rule.correlationId],
  ];
}

/** The meaning of a link (docs/trail.md). */
export function linkMeaning(link: string | null): string {
  switch (link) {
    case "flow":
      return "The flow log names the rule that admitted the connection.";
    case "correlation":
      return "Defender for Cloud wrote the rule under the request's correlation id.";
    case "inferred":
      return "No log names the rule, but exactly one request or rule fits the VM, its port and address, the source and the time.";
    case "ambiguous":
      return "Several requests or rules fit.";
    default:
      return "Nothing fits.";
  }
}

function time(iso: string): string {
  return formatTime(Date.parse(iso));
}
