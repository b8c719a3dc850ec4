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
  const directory = await mkdtemp(join(tmpdir(), "bastion-trail-bench-"));
  const write = (name: string, count: number): WrittenArchive => {
    say(`writing ${count} records`);
    const folder = join(directory, name);
    const archive = writeAuditArchive({ folder, records: count, hours: hoursOfYear, from });
    return { ...archive, folder, records: count };
  };
  try {
    const archive = write("archive", records);
    const comparisons = await compareDisk(archive, rounds, say);
    if (growth > 1) {
      const big = write("big", records * growth);
      comparisons.push(await comparePeakMemory(archive, big, say));
      await rm(big.folder, { recursive: true });
    }
    return [...comparisons, ...(await compareArchive({ folder: archive.folder, day }, say))];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
