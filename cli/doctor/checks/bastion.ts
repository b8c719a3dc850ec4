import type { HostPlace } from "../../../azure/bastionHosts.ts";
import { nameOf } from "../../../azure/read.ts";
import type { Check } from "../check.ts";
import { count, found, type Verdict } from "../finding.ts";
import type { Subject } from "../subject.ts";

export interface BastionFacts {
  readonly subject: Subject;
  readonly hosts: readonly HostPlace[];
}

export function judgeBastion({ subject, hosts }: BastionFacts): Verdict {
  const { subscriptionId, bastionHostId } = subject;
  if (hosts.length === 0) {
    return bastionHostId === undefined
      ? {
          findings: [
            found("bastion-none", `/subscriptions/${subscriptionId}`, "The subscription has no Bastion host.", {}),
          ],
          seen: "No Bastion host.",
        }
      : {
          findings: [
            found("bastion-missing", bastionHostId, `The Bastion host ${nameOf(bastionHostId)} does not exist.`, {}),
          ],
          seen: "No Bastion host.",
        };
  }
  const findings = hosts.flatMap(({ id, name, sku, state }) => [
    ...(sku.toLowerCase() === "developer"
      ? [found("bastion-without-audit", id, `${name} has the SKU Developer, which writes no audit log.`, {})]
      : []),
    ...(state.toLowerCase() === "succeeded"
      ? []
      : [found("bastion-not-ready", id, `${name} is in the state ${state}.`, { host: id })]),
  ]);
  const named = hosts.map(({ name, sku, location }) => `${name} (${sku}, ${location})`);
  return { findings, seen: `${count(hosts.length, "Bastion host")}: ${named.join(", ")}.` };
}

export const bastion: Check = {
  name: "bastion",
  title: "the Bastion host is there, and has a SKU that writes audit logs",
  examine: async ({ inventory }) => judgeBastion({ subject: inventory.subject, hosts: await inventory.hosts() }),
};
