/** A process that joins a trail as the CLI does, and reports the cost. The options come as JSON in its argument. */
import { readFileSync } from "node:fs";
import { flowWriter } from "bastion-trail/audit/flows/flowStore";
import { storedFlows } from "bastion-trail/audit/flows/storedFlows";
import { foldFolderInto } from "bastion-trail/audit/sessions/foldFolder";
import { listFolder } from "bastion-trail/audit/sources/folder";
import { fileEvidence } from "bastion-trail/audit/store/readEvidence";
import { foldedVms } from "bastion-trail/audit/trail/possibleMatches";
import { sessionFacts } from "bastion-trail/audit/trail/sessionRelation";
import { accessRows, joinFolded } from "bastion-trail/audit/trail/trail";
import { requestsFor } from "bastion-trail/sources/requestsFor";
import { sessionsAfterMs } from "bastion-trail/sources/trailRanges";
import { benchAccess } from "./benchAccess.ts";
import { bastionSubnet, type BenchRequest, type TrailLogs } from "./trailLogs.ts";
import { bastionId } from "../logs/auditArchive.ts";

export interface TrailProcessOptions {
  readonly logs: TrailLogs;
  /** Folder of the store. Logs missing from it are stored first. */
  readonly cacheDir: string;
  /** ISO 8601. */
  readonly now: string;
  readonly memoryLimitMb: number;
  /** Limits the trail to the VM of this name. */
  readonly vm?: string;
  /** Limits the trail to this person. */
  readonly user?: string;
}

export interface TrailFigures {
  /** Time from the stored logs to the last session. */
  readonly milliseconds: number;
  /** Processor time of all threads. */
  readonly cpuMilliseconds: number;
  /** Largest resident set of the process, bytes. */
  readonly peakMemory: number;
  readonly sessions: number;
  readonly verdicts: Readonly<Record<string, number>>;
}

const options = JSON.parse(process.argv[2] ?? "{}") as TrailProcessOptions;
const { logs, cacheDir, memoryLimitMb, vm, user } = options;
const now = new Date(options.now);
const { files } = await listFolder(logs.audit);
const flowFiles = await listFolder(logs.flows);
const access = benchAccess(JSON.parse(readFileSync(logs.requests, "utf8")) as BenchRequest[]);
const filter = { withNeighbours: { afterMs: sessionsAfterMs }, ...(vm !== undefined && { vm }) };

const begin = performance.now();
const used = process.cpuUsage();
const store = { cacheDir, of: "trail" };
const { engine } = await foldFolderInto(sessionFacts, { files, filter, now, memoryLimitMb, store });
const { segments } = await fileEvidence(engine, { files: flowFiles.files, now, store }, flowWriter(engine));
const requests = vm === undefined ? access.requests : requestsFor(vm, access.requests);
const surroundings = { hosts: new Map([[bastionId, [bastionSubnet]]]), vms: [] };
const vms = await foldedVms(engine);
const { rows } = accessRows({ access: { ...access, requests }, surroundings, vms }, now);
const verdicts: Record<string, number> = {};
let sessions = 0;
for await (const row of joinFolded(
  engine,
  rows,
  await storedFlows(engine, segments, { vms: "FROM folded" }),
  120_000,
)) {
  if (user !== undefined && row.Person !== user) continue;
  sessions += 1;
  const what = `${row.Verdict} ${row.Link}`;
  verdicts[what] = (verdicts[what] ?? 0) + 1;
}
engine.close();
const { user: inUser, system } = process.cpuUsage(used);
const figures: TrailFigures = {
  milliseconds: performance.now() - begin,
  cpuMilliseconds: (inUser + system) / 1000,
  peakMemory: process.resourceUsage().maxRSS * 1024,
  sessions,
  verdicts,
};
process.stdout.write(JSON.stringify(figures));
