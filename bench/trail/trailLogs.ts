/** A year of logs for joining a trail, reproducible for a given size. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { subscription, writeAuditArchive, type Login } from "../logs/auditArchive.ts";

export const hoursOfYear = 8760;
export const from = new Date("2025-01-01T00:00:00Z");
const hourMs = 3_600_000;

/** Subnet of the Bastion host. */
export const bastionSubnet = "10.60.0.0/26";

/** A person's request for a VM, made a minute before connecting to it. */
export interface BenchRequest {
  readonly time: number;
  readonly vm: number;
  readonly person: string;
  readonly port: number;
}

export interface TrailLogs {
  /** Folder of the audit log. */
  readonly audit: string;
  /** Folder of the flow log, with five connections per session. */
  readonly flows: string;
  /** File of `BenchRequest`s, one per five sessions. */
  readonly requests: string;
  readonly sessions: number;
}

export const requestMs = 3 * hourMs;
const sessionsOfRequest = 5;
/** Number of connections in addition to that of the session. */
const otherConnections = 4;
const connectionMs = 600_000;

export function ruleName(request: number): string {
  return `MicrosoftDefenderForCloud-JITRule-${request}`;
}

export function writeTrailLogs(directory: string, sessions: number): TrailLogs {
  const flows = new FlowBlobs(join(directory, "flows"));
  const requests: BenchRequest[] = [];
  /** Index of the latest request of each VM. */
  const latest = new Map<number, number>();
  let logins = 0;
  const onLogin = ({ time, vm, properties }: Login): void => {
    const port = properties.protocol === "rdp" ? 3389 : 22;
    if (logins % sessionsOfRequest === 0) {
      latest.set(vm, requests.length);
      requests.push({ time: time - 60_000, vm, person: String(properties.userEmail), port });
    }
    const request = latest.get(vm);
    const isOpen = request !== undefined && time < (requests[request]?.time ?? 0) + requestMs;
    const vmIp = String(properties.targetVMIPAddress);
    const sourcePort = 1024 + (logins % 60_000);
    flows.add(isOpen ? ruleName(request) : "AllowVnetInBound", time + 1000, ["10.60.0.4", vmIp, sourcePort, port]);
    for (let other = 0; other < otherConnections; other += 1) {
      const source = `10.1.${logins % 250}.${other + 1}`;
      flows.add("AllowApp", time + other * 1000, [source, vmIp, sourcePort, 8443]);
    }
    logins += 1;
  };
  const folder = join(directory, "audit");
  // A session has two records, but some logins fail and some records are duplicated.
  const records = Math.round(sessions * 1.97);
  writeAuditArchive({ folder, records, hours: hoursOfYear, from, onLogin });
  flows.end();
  const file = join(directory, "requests.json");
  writeFileSync(file, JSON.stringify(requests));
  return { audit: folder, flows: flows.folder, requests: file, sessions: logins };
}

/** Writes the blobs of a flow log, one for each hour. */
class FlowBlobs {
  readonly folder: string;
  /** Tuples by rule of hours that are not written yet. */
  readonly #hours = new Map<number, Map<string, string[]>>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Adds a connection from one address and port to another. */
  add(rule: string, time: number, [source, target, sourcePort, port]: readonly [string, string, number, number]): void {
    const ends = [source, target, sourcePort, port, 6, "I"].join(",");
    this.#tuple(rule, time, `${time},${ends},B,NX,0,0,0,0`);
    this.#tuple(rule, time + connectionMs, `${time + connectionMs},${ends},E,NX,40,5200,38,4800`);
    const hour = Math.floor(time / hourMs);
    for (const earlier of [...this.#hours.keys()].filter((one) => one < hour)) this.#write(earlier);
  }

  end(): void {
    for (const hour of [...this.#hours.keys()]) this.#write(hour);
  }

  #tuple(rule: string, time: number, tuple: string): void {
    const hour = Math.floor(time / hourMs);
    const rules = this.#hours.get(hour) ?? new Map<string, string[]>();
    this.#hours.set(hour, rules);
    const tuples = rules.get(rule) ?? [];
    rules.set(rule, tuples);
    tuples.push(tuple);
  }

  #write(hour: number): void {
    const at = new Date(hour * hourMs).toISOString();
    const [year = "", month = "", day = ""] = at.slice(0, 10).split("-");
    const resource = `/${subscription.toUpperCase()}_NETWORKWATCHERRG/NETWORKWATCHER_WESTEUROPE_VMS`;
    const file = join(
      this.folder,
      `flowLogResourceID=${resource}/y=${year}/m=${month}/d=${day}/h=${at.slice(11, 13)}/m=00/macAddress=000D3A000001/PT1H.json`,
    );
    const flowGroups = [...(this.#hours.get(hour) ?? [])].map(([rule, flowTuples]) => ({ rule, flowTuples }));
    const flowRecords = { flows: [{ aclID: "00000000-0000-4000-8000-000000000001", flowGroups }] };
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      JSON.stringify({
        records: [
          { time: at, flowLogVersion: 4, category: "FlowLogFlowEvent", operationName: "FlowLogFlowEvent", flowRecords },
        ],
      }),
    );
    this.#hours.delete(hour);
  }
}
