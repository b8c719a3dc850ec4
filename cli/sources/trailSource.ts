/** Sources of `trail`: the archive, the workspace, or a folder. */
import { trailRests, type TrailRests } from "../audit/trail/auditCoverage.ts";
import { readAccess, type Access } from "../audit/trail/readAccess.ts";
import { unreadLog } from "../audit/trail/logSight.ts";
import type { Surroundings } from "../audit/trail/accessRelations.ts";
import { foldedVms } from "../audit/trail/possibleMatches.ts";
import type { JoinedRow } from "../audit/trail/relations.ts";
import { sessionFacts } from "../audit/trail/sessionRelation.ts";
import { joinFolded, type TrailSources } from "../audit/trail/trail.ts";
import type { TrailRow } from "../audit/trail/types.ts";
import type { SourceEvent } from "../audit/activity/types.ts";
import type { AskedFlows, RecordedFlow } from "../audit/flows/recordedFlows.ts";
import type { Engine } from "../audit/store/engine.ts";
import type { FoundRecord } from "../audit/records/types.ts";
import { openArm } from "../armAccess.ts";
import { AzureFailure } from "../azure/failure.ts";
import { UserError } from "../errors.ts";
import { note, type Io } from "../io.ts";
import type { Progress } from "../progress.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { openSettings } from "../settings/settings.ts";
import { defaultSource, isFolder, type SourceFlags } from "./sourceFlags.ts";
import type { TimeRange } from "../timeRange.ts";
import { isWithin } from "../names/ignoringCase.ts";
import { vmSpelling } from "../names/vmSpelling.ts";
import { openActivitySource, type ActivitySource } from "./activitySource.ts";
import { openAuditSource, type AuditSource } from "./auditSource.ts";
import { flowsOf, readFlows } from "./flowSource.ts";
import { sessionsAfterMs, sessionsBackMs, withEarlierRules, withEarlierSessions } from "./trailRanges.ts";
import { requestsFor } from "./requestsFor.ts";
import { readWorkspace } from "./trailInWorkspace.ts";

/** The inputs of a trail's join, with their coverage. */
export interface TrailRead extends TrailSources {
  readonly rests: TrailRests;
}

/** Reads again the records that may be evidence of a session. */
export interface EvidenceReader {
  readonly audit: (row: TrailRow) => AsyncIterable<FoundRecord>;
  readonly activity: () => AsyncIterable<SourceEvent>;
  readonly flows: (asked: AskedFlows) => AsyncIterable<RecordedFlow>;
}

export interface TrailSource {
  /** Default length of the time range, in milliseconds before now; `undefined` for everything. */
  readonly defaultSince: number | undefined;
  /** @param vm name, `GROUP/NAME` or ARM id of the only VM to read. */
  readonly read: (range: TimeRange, vm: string | undefined, progress: Progress) => Promise<TrailRead>;
  /** Reads only requests and rules. */
  readonly readAccess: (range: TimeRange, progress: Progress) => Promise<Pick<TrailRead, "access" | "surroundings">>;
  /** Limits the records of a workspace: ARM id of a Bastion host, its resource group or its subscription. */
  readonly scope: string | undefined;
  /** The deployment's VMs; empty if the deployment is unknown. */
  readonly vms: AuditSource["vms"];
  /** Reads the records of a range again. */
  readonly evidence: (range: TimeRange) => EvidenceReader;
}

/** @throws `UserError` if a setting that the source needs is missing, or the folder does not exist. */
export async function openTrailSource(flags: SourceFlags, io: Io): Promise<TrailSource> {
  const audit = await openAuditSource(flags, io);
  const accessOf = async (range: TimeRange, progress: Progress) => ({
    access: await readActivity(flags, range, io, progress),
    surroundings: { vms: await audit.vms(), hosts: await hostsOf(flags, io) },
  });
  return {
    defaultSince: audit.defaultSince,
    scope: audit.scope.bastion,
    vms: audit.vms,
    readAccess: accessOf,
    read: async (range, vm, progress) => {
      const known = limitedTo(vm, await accessOf(range, progress));
      // Ids in requests have Azure's own case. The settings come last, so that their spelling wins.
      const vms = [...requestedVms(known.access), ...known.surroundings.vms];
      const { fold, scope } = audit;
      const joined =
        fold === undefined
          ? await readWorkspace(flags, { range, bastion: scope.bastion, access: known.access }, io, progress)
          : await readFiles(flags, { fold, range, vm, scope, access: known.access }, io, progress);
      return { ...known, ...joined, join: (rows, skewMs) => spelled(joined.join(rows, skewMs), vms) };
    },
    evidence: (range) => ({
      audit: (session) => {
        const from = new Date(Date.parse(session.start) - sessionsBackMs);
        return audit.recordsOf(session, { ...audit.scope, from }, silent);
      },
      activity: async function* () {
        const activity = await activitySource(flags, io);
        if (activity !== undefined) yield* activity.events(withEarlierRules(range), silent);
      },
      flows: (asked) => flowsOf(flags, withEarlierSessions(range), asked, io, silent),
    }),
  };
}

function limitedTo<Read extends Pick<TrailRead, "access">>(vm: string | undefined, read: Read): Read {
  if (vm === undefined) return read;
  return { ...read, access: { ...read.access, requests: requestsFor(vm, read.access.requests) } };
}

interface FilesAsked {
  readonly fold: NonNullable<AuditSource["fold"]>;
  readonly range: TimeRange;
  readonly vm: string | undefined;
  readonly scope: AuditSource["scope"];
  readonly access: Access;
}

/** Joins the records from files on this computer. */
async function readFiles(
  flags: SourceFlags,
  { fold, range, vm, scope, access }: FilesAsked,
  io: Io,
  progress: Progress,
): Promise<Pick<TrailRead, "join" | "rests" | "vms">> {
  const { from, to } = withEarlierSessions(range);
  const filter = {
    ...{ ...scope, withNeighbours: { afterMs: sessionsAfterMs } },
    ...(vm !== undefined && { vm }),
    ...(from && { from }),
    ...(to && { to }),
  };
  const { engine, ...result } = await fold(sessionFacts, filter, progress);
  try {
    const flows = await readFlows(engine, flags, { from, to }, io, progress);
    return {
      join: async function* (rows, skewMs) {
        try {
          // Those after the range and of other hosts were read only to judge the others.
          for await (const row of joinFolded(engine, rows, flows.relation, skewMs)) {
            const isOfHost = scope.bastion === undefined || isWithin(row.Bastion, scope.bastion);
            if (row.Start < (to?.getTime() ?? Infinity) && isOfHost) yield row;
          }
        } finally {
          engine.close();
        }
      },
      vms: await foldedVms(engine),
      rests: trailRests({ ...result, first: await firstStart(engine) }, access, flows),
    };
  } catch (error) {
    engine.close();
    throw error;
  }
}

async function firstStart(engine: Engine): Promise<number | undefined> {
  const [[first] = []] = await engine.rows("SELECT min(Start) FROM folded");
  return first === null || first === undefined ? undefined : Number(first);
}

function requestedVms({ requests }: Access) {
  return requests.flatMap(({ vms }) => vms.flatMap(({ id, name }) => (id === null ? [] : [{ id, name }])));
}

/** Sessions with their VMs in the spelling of the given ones. */
async function* spelled(
  rows: AsyncIterable<JoinedRow>,
  vms: Parameters<typeof vmSpelling>[0],
): AsyncGenerator<JoinedRow> {
  const spell = vmSpelling(vms);
  for await (const row of rows) {
    const { id, name } = spell({ id: row.Vm || null, name: row.VmName || null });
    yield { ...row, Vm: id ?? "", VmName: name ?? "" };
  }
}

const silent: Progress = { update: () => undefined, end: () => undefined };

async function readActivity(flags: SourceFlags, range: TimeRange, io: Io, progress: Progress): Promise<Access> {
  progress.update("Reading the activity log");
  const activity = await activitySource(flags, io);
  return activity === undefined
    ? {
        requests: [],
        lives: [],
        untold: new Set(),
        subscriptions: [],
        coverage: unreadLog,
        unreadable: [],
        unread: { lost: 0, aside: 0 },
        lostIn: [],
      }
    : readAccess(await activity.read(withEarlierRules(range), progress), io.now());
}

/** Returns `undefined` if the activity log is not exported to the archive. */
async function activitySource(flags: SourceFlags, io: Io): Promise<ActivitySource | undefined> {
  const { source = defaultSource } = flags;
  if (source === "archive" && (await openSettings(flags, io).find("activityLogArchive")) === undefined)
    return undefined;
  return openActivitySource({ ...flags, source }, io);
}

/**
 * Address ranges of the deployment's Bastion host. If they are unknown, its sessions may come from any private address.
 */
async function hostsOf(flags: SourceFlags, io: Io): Promise<Surroundings["hosts"]> {
  const { source = defaultSource } = flags;
  if (isFolder(source)) return new Map();
  const id = await openSettings(flags, io).find("bastionHostId");
  if (id === undefined) return new Map();
  try {
    const [{ bastionRanges }, { arm, settings }] = await Promise.all([
      import("../jit/bastionSource.ts"),
      openArm(flags, io),
    ]);
    return new Map([[id, await bastionRanges(arm, settings)()]]);
  } catch (error) {
    if (!(error instanceof AzureFailure || error instanceof UserError)) throw error;
    await note(
      io,
      visible(
        `warning: the range of the Bastion subnet is unknown, so the sources of rules are not compared: ${error.message}`,
      ),
    );
    return new Map();
  }
}
