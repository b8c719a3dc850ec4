import { usualLatenessMs } from "../../../audit/sources/archive/hours.ts";
import type { ActiveSession } from "../../../azure/activeSessions.ts";
import type { BastionHost } from "../../../azure/bastionHosts.ts";
import { isSameEndpoint } from "../../../azure/blobEndpoint.ts";
import { formatDuration, formatTime } from "../../../time.ts";
import { archivesOf, prefixOf, type HostArchive } from "../archives.ts";
import type { Check, CheckContext } from "../check.ts";
import { counted } from "../../../counted.ts";
import { found, type FoundByCheck, type Judgement } from "../finding.ts";

/** The records of one host in one archive. */
export interface HostRecords {
  readonly host: BastionHost;
  readonly accountName: string;
  readonly accountId: string;
  /** Arrival time of its last record. */
  readonly last: Date | undefined;
  /** The current time by the archive's clock. */
  readonly now: Date;
  /** Open sessions; `undefined` if they could not be read. */
  readonly sessions: readonly ActiveSession[] | undefined;
  /** Time of the workspace's last record; `undefined` if there is none or it was not read. */
  readonly inWorkspace: Date | undefined;
}

export interface RecordFacts {
  readonly hosts: readonly HostRecords[];
  readonly maxAgeMs: number | undefined;
}

export function judgeRecords({ hosts, maxAgeMs }: RecordFacts): Judgement {
  return {
    findings: hosts.flatMap((records) => judgeHost(records, maxAgeMs)),
    seen: hosts.map(tell).join(" "),
  };
}

function tell({ host, accountName, last, now, inWorkspace }: HostRecords): string {
  const workspace =
    inWorkspace === undefined ? "" : `, the workspace's ${ago(inWorkspace, now)} (${formatTime(inWorkspace)})`;
  return last === undefined
    ? `${accountName} has no record of ${host.name} yet${workspace}.`
    : `The last record of ${host.name} arrived ${ago(last, now)} (${formatTime(last)})${workspace}.`;
}

function ago(time: Date, now: Date): string {
  return `${formatDuration((now.getTime() - time.getTime()) / 1000)} ago`;
}

function judgeHost(records: HostRecords, maxAgeMs: number | undefined): FoundByCheck[] {
  const { host, accountName, accountId, last, now, sessions = [], inWorkspace } = records;
  const findings: FoundByCheck[] = [];
  // A session writes a record when it begins, so one that has been open for long must be in the archive.
  const waiting = sessions.filter(
    ({ start }) =>
      now.getTime() - Date.parse(start) > usualLatenessMs && (last === undefined || Date.parse(start) > last.getTime()),
  );
  const [oldest] = waiting.toSorted((a, b) => a.start.localeCompare(b.start));
  if (oldest !== undefined) {
    const opened = ago(new Date(oldest.start), now);
    const message = `${counted(waiting.length, "open session")} of ${host.name} began up to ${opened.replace(" ago", "")} ago, and ${accountName} got no record since.`;
    findings.push(found("records-overdue", accountId, message, { host: host.id }));
  } else if (last === undefined) {
    findings.push(found("records-none", accountId, `${accountName} has no record of ${host.name} yet.`, {}));
  }
  if (maxAgeMs !== undefined && last !== undefined && now.getTime() - last.getTime() > maxAgeMs) {
    const message = `The last record of ${host.name} arrived ${ago(last, now)}, which is more than ${formatDuration(maxAgeMs / 1000)}.`;
    findings.push(found("records-too-old", accountId, message, {}));
  }
  if (inWorkspace !== undefined && isBehind(last, inWorkspace, now)) {
    const since = last === undefined ? "none at all" : `its last one ${ago(last, now)}`;
    const message = `The workspace has a record of ${host.name} of ${ago(inWorkspace, now)}, and ${accountName} got ${since}.`;
    findings.push(found("records-missing-in-archive", accountId, message, { host: host.id }));
  }
  return findings;
}

/**
 * Whether the archive lacks a record that the workspace has had for longer than records take to arrive. Both get the
 * same records.
 */
function isBehind(last: Date | undefined, inWorkspace: Date, now: Date): boolean {
  return (
    now.getTime() - inWorkspace.getTime() > usualLatenessMs &&
    (last === undefined || inWorkspace.getTime() > last.getTime())
  );
}

export const records: Check = {
  title: "records arrive in the archive; shows when the last one did",
  examine: async (context) => {
    const archives = await archivesOf(context);
    if (archives.length === 0) return { skipped: "No archive is known." };
    const hosts = await Promise.all(archives.map((archive) => context.attempt(() => recordsOf(context, archive))));
    const read = hosts.filter((one) => one !== undefined);
    return read.length === 0
      ? { findings: [], seen: "The archive could not be read." }
      : judgeRecords({ hosts: read, maxAgeMs: context.options.maxAgeMs });
  },
};

async function recordsOf(context: CheckContext, archive: HostArchive): Promise<HostRecords> {
  const { inventory, lastRecords, attempt, options } = context;
  const { host, account } = archive;
  const named = inventory.subject.archive;
  const isNamed = named !== undefined && isSameEndpoint(account.blobEndpoint, named.blobEndpoint);
  const { last, serviceTime } = await lastRecords.inArchive({
    // The endpoint in the settings may have a shared access signature.
    blobEndpoint: isNamed ? named.blobEndpoint : (account.blobEndpoint ?? ""),
    blobPrefix: prefixOf(archive),
    accountId: account.id,
  });
  const sessions = await attempt(() => inventory.sessions(host.id));
  const workspace = options.workspaceRecords ? await workspaceOf(context, host) : undefined;
  const inWorkspace =
    workspace === undefined
      ? undefined
      : await attempt(() => lastRecords.inWorkspace({ ...workspace, hostId: host.id }));
  return {
    host,
    accountName: account.name,
    accountId: account.id,
    last: last?.changedAt,
    now: serviceTime ?? inventory.now(),
    sessions,
    inWorkspace,
  };
}

/** The workspace of the host's logs. */
async function workspaceOf(
  { inventory, attempt }: CheckContext,
  host: BastionHost,
): Promise<{ readonly customerId: string; readonly workspaceId: string } | undefined> {
  const { workspaceId: named, workspaceCustomerId } = inventory.subject;
  if (named !== undefined && workspaceCustomerId !== undefined) {
    return { customerId: workspaceCustomerId, workspaceId: named };
  }
  const settings = (await attempt(() => inventory.settingsOf(host.id))) ?? [];
  const id = settings.find(({ workspaceId }) => workspaceId !== null)?.workspaceId;
  const workspace = id ? await attempt(() => inventory.workspace(id)) : undefined;
  return workspace?.customerId ? { customerId: workspace.customerId, workspaceId: workspace.id } : undefined;
}
