/** A synthetic archive of Bastion audit logs, reproducible for a given size. */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { auditCategory, hourlyBlobName } from "@bastion-trail/core/links/archivePath";

export interface AuditArchiveOptions {
  /** Folder for the blobs, laid out as in the container. */
  readonly folder: string;
  readonly records: number;
  /** Number of blobs, one for each hour. A year has 8760. */
  readonly hours: number;
  /** Start of the first hour. */
  readonly from: Date;
  /** Called for each login, in order of time. */
  readonly onLogin?: (login: Login) => void;
}

/** A record of a login. */
export interface Login {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /** Index of one of the 300 VMs. */
  readonly vm: number;
  readonly properties: Readonly<Record<string, string | number>>;
}

/** A synthetic archive on disk. */
export interface WrittenArchive extends AuditArchive {
  readonly folder: string;
  readonly records: number;
}

export interface AuditArchive {
  /** In order of time. */
  readonly files: readonly string[];
  readonly bytes: number;
}

export const subscription = "7a1d2c3b-0000-4000-8000-5e6f70819203";
export const bastionId = `/SUBSCRIPTIONS/${subscription.toUpperCase()}/RESOURCEGROUPS/HUB/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/HUB-BASTION`;
const hourMs = 3_600_000;

/** Number of sessions that may be open at a time. If there are more, one ends at random. */
const openSessions = 200;
const userAgents = ["77.0.3865.90", "141.0.0.0", "126.0.6478.127"].map(
  (version) =>
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version} Safari/537.36`,
);

interface OpenSession {
  readonly properties: Record<string, string | number>;
  readonly start: number;
}

/**
 * Writes an archive of 400 people and 300 VMs. A session has a record of its login and, later, one of its end. Six
 * percent of the logins fail, and two percent of the records are duplicated.
 */
export function writeAuditArchive({ folder, records, hours, from, onLogin }: AuditArchiveOptions): AuditArchive {
  const random = randomNumbers(20260504);
  const pick = (count: number): number => Math.floor(random() * count);
  const open: OpenSession[] = [];
  const files: string[] = [];
  let bytes = 0;
  for (let hour = 0; hour < hours; hour += 1) {
    const begin = from.getTime() + hour * hourMs;
    const file = join(folder, hourlyBlobName(bastionId, new Date(begin)));
    const count = Math.floor(((hour + 1) * records) / hours) - Math.floor((hour * records) / hours);
    const lines: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const again = lines.at(-1);
      lines.push(
        again !== undefined && random() < 0.02 ? again : nextRecord(begin + Math.floor((index * hourMs) / count)),
      );
    }
    mkdirSync(dirname(file), { recursive: true });
    const descriptor = openSync(file, "w");
    for (let index = 0; index < lines.length; index += 5000) {
      bytes += writeSync(descriptor, lines.slice(index, index + 5000).join(""));
    }
    closeSync(descriptor);
    files.push(file);
  }
  return { files, bytes };

  function nextRecord(time: number): string {
    if (open.length > openSessions && random() < 0.5) {
      const place = pick(open.length);
      const ended = open[place];
      const newest = open.pop();
      if (ended !== undefined && newest !== undefined) {
        if (place < open.length) open[place] = newest;
        return line(time, {
          ...ended.properties,
          sessionStartTime: new Date(ended.start).toISOString(),
          sessionEndTime: new Date(time).toISOString(),
          duration: time - ended.start,
        });
      }
    }
    const person = pick(400);
    const vm = pick(300);
    const isFailed = random() < 0.06;
    const properties = {
      userName: `operator${person % 9}`,
      userAgent: userAgents[person % userAgents.length] ?? "",
      clientIpAddress: `203.0.${pick(256)}.${pick(256)}`,
      clientPort: 1024 + pick(60_000),
      protocol: vm % 3 === 0 ? "rdp" : "ssh",
      targetResourceId: `/SUBSCRIPTIONS/${subscription.toUpperCase()}/RESOURCEGROUPS/WORKLOAD/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/VM-${vm}`,
      subscriptionId: subscription,
      message: isFailed ? "Login Failed" : "Successfully Connected.",
      resourceType: "VM",
      targetVMIPAddress: `10.0.${vm >> 8}.${vm & 255}`,
      userEmail: `person${person}@contoso.com`,
      tunnelId: [8, 4, 4, 4, 12].map((length) => hexadecimal(length)).join("-"),
    };
    if (!isFailed) {
      open.push({ properties, start: time });
    }
    onLogin?.({ time, vm, properties });
    return line(time, properties);
  }

  function hexadecimal(length: number): string {
    return Math.floor(random() * 16 ** Math.min(length, 8))
      .toString(16)
      .padStart(length, "0");
  }
}

/** The documented form of a record (azure-docs, "Monitor Azure Bastion"). */
function line(time: number, properties: Record<string, string | number>): string {
  const at = new Date(time).toISOString();
  return `${JSON.stringify({
    time: at,
    resourceId: bastionId,
    operationName: "Microsoft.Network/BastionHost/connect",
    category: auditCategory,
    level: "Informational",
    location: "westeurope",
    properties,
    FluentdIngestTimestamp: `${at.slice(0, 19)}.0000000Z`,
    Region: "westeurope",
    CustomerSubscriptionId: subscription,
  })}\n`;
}

/** Returns a generator of numbers from 0 to 1 that is deterministic for a seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
