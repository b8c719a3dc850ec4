/**
 * Reading an archive of audit logs: from disk compared with other tools, the memory needed, and how little is read from
 * Azure.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Comparison } from "../report.ts";
import { compareArchive } from "./archiveBench.ts";
import { writeAuditArchive, type WrittenArchive } from "./auditArchive.ts";
import { compareDisk } from "./diskBench.ts";
import { comparePeakMemory } from "./memoryBench.ts";

export interface LogsBenchOptions {
  /** Number of records in the archive. A million are about 1.1 GB. */
  readonly records: number;
  /** Size factor of the archive for measuring peak memory; 1 skips the measurement. */
  readonly growth: number;
}

const hoursOfYear = 8760;
const from = new Date("2025-01-01T00:00:00Z");
const day = new Date("2025-06-15T00:00:00Z");
const rounds = 3;

/** Requires disk space of twelve times the archive's size, with a growth of ten. */
export async function compareLogs(
  { records, growth }: LogsBenchOptions,
  say: (text: string) => void,
): Promise<Comparison[]> {
  return await withArchives(say, async (write) => {
    const archive = write("archive", records);
    const comparisons = await compareDisk(archive, rounds, say);
    if (growth > 1) {
      const big = write("big", records * growth);
      comparisons.push(await comparePeakMemory(archive, big, say));
    }
    return comparisons;
  });
}

/** Requires disk space of three times the archive's size. */
export async function compareSync(records: number, say: (text: string) => void): Promise<Comparison[]> {
  return await withArchives(say, (write) => compareArchive({ folder: write("archive", records).folder, day }, say));
}

/** Removes the written archives at the end. */
async function withArchives(
  say: (text: string) => void,
  measure: (write: (name: string, records: number) => WrittenArchive) => Promise<Comparison[]>,
): Promise<Comparison[]> {
  const directory = await mkdtemp(join(tmpdir(), "bastion-trail-bench-"));
  try {
    return await measure((name, records) => {
      say(`writing ${records} records`);
      const folder = join(directory, name);
      return { ...writeAuditArchive({ folder, records, hours: hoursOfYear, from }), folder, records };
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
