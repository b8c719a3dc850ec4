import type { ActiveSession } from "../../../azure/activeSessions.ts";
import type { HostPlace } from "../../../azure/bastionHosts.ts";
import { nameOf } from "../../../azure/read.ts";
import type { Check } from "../check.ts";
import { count, found, type FoundByCheck, type Verdict } from "../finding.ts";
import type { Subject } from "../subject.ts";

export interface BastionFacts {
  readonly subject: Subject;
  readonly hosts: readonly HostPlace[];
  /** Of the hosts that record sessions, by their ARM ids. */
  readonly recordings: ReadonlyMap<string, RecordingFacts>;
}

/** What shows whether a host can record. Azure does not tell whether it has a SAS URL. */
export interface RecordingFacts {
  /** Container that it records to with a managed identity; `undefined` where that could not be read. */
  readonly container: string | null | undefined;
  /** Sessions that are open now: a host that cannot record has none. `undefined` where they could not be read. */
  readonly sessions: readonly ActiveSession[] | undefined;
}

export function judgeBastion({ subject, hosts, recordings }: BastionFacts): Verdict {
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
    ...judgeRecording(id, name, recordings.get(id)),
  ]);
  const named = hosts.map(({ name, sku, location }) => `${name} (${sku}, ${location})`);
  return { findings, seen: `${count(hosts.length, "Bastion host")}: ${named.join(", ")}.` };
}

function judgeRecording(id: string, name: string, facts: RecordingFacts | undefined): FoundByCheck[] {
  if (facts === undefined) return [];
  const hasContainer = facts.container !== null && facts.container !== undefined;
  if (hasContainer || (facts.sessions ?? []).length > 0) return [];
  const message = `${name} records sessions and refuses every session until it has the SAS URL of a container. Azure does not show whether it has one, and no session is open that would prove it.`;
  return [found("recording-unconfirmed", id, message, {})];
}

export const bastion: Check = {
  name: "bastion",
  title: "the Bastion host is there, has a SKU that writes audit logs, and can record if it is to",
  examine: async ({ inventory, attempt }) => {
    const hosts = await inventory.hosts();
    const recordings = await Promise.all(
      hosts
        .filter(({ recordsSessions }) => recordsSessions)
        .map(async ({ id }) => {
          const container = await attempt(() => inventory.recordingContainer(id));
          return [id, { container, sessions: await attempt(() => inventory.sessions(id)) }] as const;
        }),
    );
    return judgeBastion({ subject: inventory.subject, hosts, recordings: new Map(recordings) });
  },
};
