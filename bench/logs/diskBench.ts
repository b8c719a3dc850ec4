/** Measures storing an archive on disk and querying it, compared with DuckDB alone on the same files. */
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { duration, megabytes, type Comparison } from "../report.ts";
import { inRounds, measureProcess } from "../runProcess.ts";
import { median, pairedRatio } from "../statistics.ts";
import type { DuckDbOptions } from "./duckdbProcess.ts";
import type { FoldFigures, Question } from "./foldFigures.ts";
import type { FoldProcessOptions } from "./foldProcess.ts";
import type { WrittenArchive } from "./auditArchive.ts";

const bars = { first: 1.4, folded: 0.4, handedOver: 0.5, person: 0.1, disk: 0.25 };
/** Limit in milliseconds for the sessions of one person. */
const barOfPerson = 500;
/** Memory limit that the CLI sets for DuckDB. */
const memoryLimitMb = 512;
const now = "2026-05-04T00:00:00Z";
/** One of the archive's four hundred people. */
const person = "person7@contoso.com";

/** Milliseconds of each round. */
type Times = readonly number[];

export async function compareDisk(
  archive: WrittenArchive,
  rounds: number,
  say: (text: string) => void,
): Promise<Comparison[]> {
  const { folder, records, bytes } = archive;
  const directory = await mkdtemp(join(tmpdir(), "bastion-trail-bench-"));
  const cacheDir = join(directory, "cache");
  const ask = async (question: Question, user?: string): Promise<number> => {
    const options: FoldProcessOptions = {
      ...{ folder, cacheDir, question, now, memoryLimitMb },
      ...(user !== undefined && { user }),
    };
    // The CLI keeps compiled code between runs as well.
    const environment = { NODE_COMPILE_CACHE: join(directory, "compiled") };
    const figures = (await measure("foldProcess.ts", options, environment)) as FoldFigures;
    if (figures.records !== records) throw new Error(`${figures.records} of ${records} records were read.`);
    return figures.milliseconds;
  };
  const duckDb = (query: DuckDbOptions["query"], into: DuckDbOptions["into"]) => async (): Promise<number> => {
    const options: DuckDbOptions = { folder, query, into, person, parquet: join(directory, "copy.parquet") };
    return ((await measure("duckdbProcess.ts", options)) as { milliseconds: number }).milliseconds;
  };
  try {
    const times = await inRounds(
      {
        first: async () => {
          await rm(cacheDir, { recursive: true, force: true });
          return ask("folded");
        },
        copy: duckDb("copy", "table"),
        folded: () => ask("folded"),
        few: duckDb("a few facts of each session", "table"),
        handedOver: () => ask("handed over"),
        rows: duckDb("every session", "rows"),
        person: () => ask("handed over", person),
        scan: duckDb("scan", "rows"),
      },
      {
        rounds,
        warmUp: true,
        onRun: (name, round) => {
          say(`${megabytes(bytes)} on disk, ${name}, ${round === 0 ? "warm-up" : `${round} of ${rounds}`}`);
        },
      },
    );
    const size = `${megabytes(bytes)} on disk`;
    const kept = await sizeOf(cacheDir);
    return [
      line(`${size}, stored, hashed, folded`, times.first, "DuckDB: COPY to Parquet", times.copy, bars.first),
      line("after that, six facts of all", times.folded, "DuckDB: group by on JSON", times.few, bars.folded),
      line("after that, all handed over", times.handedOver, "DuckDB: group by, rows", times.rows, bars.handedOver),
      line("after that, one person's", times.person, "DuckDB: scan of JSON", times.scan, bars.person),
      line("after that, one person's", times.person, "the bar", [barOfPerson], 1),
      {
        subject: "store on disk",
        ours: megabytes(kept),
        against: "the JSON",
        theirs: megabytes(bytes),
        ratio: kept / bytes,
        bar: bars.disk,
      },
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let bytes = 0;
  for (const entry of entries) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

function line(subject: string, ours: Times, against: string, theirs: Times, bar: number): Comparison {
  return {
    subject,
    ours: duration(median(ours)),
    against,
    theirs: duration(median(theirs)),
    ratio: theirs.length === ours.length ? pairedRatio(ours, theirs) : median(ours) / median(theirs),
    bar,
  };
}

function measure(script: string, options: object, environment?: Readonly<Record<string, string>>): Promise<unknown> {
  return measureProcess(join(import.meta.dirname, script), options, environment);
}
