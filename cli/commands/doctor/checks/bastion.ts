import type { ActiveSession } from "../../../azure/activeSessions.ts";
import type { BastionHost } from "../../../azure/bastionHosts.ts";
import { nameOf } from "../../../azure/read.ts";
import type { Check } from "../check.ts";
import { counted } from "../../../counted.ts";
import { found, type FoundByCheck, type Judgement } from "../finding.ts";
import type { Subject } from "../subject.ts";

export interface BastionFacts {
  readonly subject: Subject;
  readonly hosts: readonly BastionHost[];
  /** Facts about the hosts with session recording, by ARM id of the host. */
  readonly recordings: ReadonlyMap<string, RecordingFacts>;
}

/** Facts that show whether a host can record. Azure does not reveal whether it has a SAS URL. */
export interface RecordingFacts {
  /** Container to which it records with a managed identity; `undefined` if it could not be read. */
  readonly container: string | null | undefined;
  /** Open sessions: a host that cannot record has none. `undefined` if they could not be read. */
  readonly sessions: readonly ActiveSession[] | undefined;
}

export function judgeBastion({ subject, hosts, recordings }: BastionFacts): Judgement {
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
  return { findings, seen: `${counted(hosts.length, "Bastion host")}: ${named.join(", ")}.` };
}

function judgeRecording(id: string, name: string, facts: RecordingFacts | undefined): FoundByCheck[] {
  if (facts === undefined) return [];
  const hasContainer = facts.container !== null && facts.container !== undefined;
  if (hasContainer || (facts.sessions ?? []).length > 0) return [];
  const message = `${name} records sessions and refuses every session until it has the SAS URL of a container. Azure does not show whether it has one, and no session is open that would prove it.`;
  return [found("recording-unconfirmed", id, message, {})];
}

export const bastion: Check = {
  title: "the Bastion host exists, has a SKU that writes audit logs, and can record if recording is on",
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
