/** What reading and folding an archive on disk costs, beside DuckDB alone on the same files, jq, and Node alone. */
import { join } from "node:path";
import { duration, megabytes, notMeasured, type Comparison } from "../report.ts";
import { inRounds, measureProcess } from "../runProcess.ts";
import { median, pairedRatio } from "../statistics.ts";
import type { DuckDbOptions } from "./duckdbProcess.ts";
import type { FoldFigures } from "./foldFigures.ts";
import { foldWithJq, jqVersion, listWithJq } from "./jq.ts";
import type { WrittenArchive } from "./auditArchive.ts";

const barOfDuckDb = 1.5;
/** At least eight times as fast as jq. */
const barOfJq = 1 / 8;
/** What the CLI gives DuckDB. */
const memoryLimitMb = 512;
const now = "2026-05-04T00:00:00Z";
/** One of the archive's four hundred people. */
const person = "person7@contoso.com";

/** Milliseconds of each round. */
type Times = readonly number[];

/**
 * "Folded" is when every record was read and every session is known by its times and counts; "handed over" is when the last
 * session that was asked for is an object in Node, with all of its facts, sorted.
 */
export async function compareDisk(
  archive: WrittenArchive,
  rounds: number,
  say: (text: string) => void,
): Promise<Comparison[]> {
  const { folder, records, bytes } = archive;
  const all: FoldFigures[] = [];
  const one: FoldFigures[] = [];
  const fold = async (kept: FoldFigures[], user?: string): Promise<number> => {
    const figures = checked(await foldInProcess(folder, user), records);
    kept.push(figures);
    return figures.folded;
  };
  const duckDb = (
    query: DuckDbOptions["query"],
    into: DuckDbOptions["into"],
    types: DuckDbOptions["types"] = "given",
  ) => {
    const options: DuckDbOptions = { folder, query, into, types, person };
    return async () => ((await measure("duckdbProcess.ts", options)) as { milliseconds: number }).milliseconds;
  };
  const theirs = await inRounds(
    {
      all: () => fold(all),
      few: duckDb("a few facts of each session", "table"),
      rows: duckDb("every session", "rows"),
      rowsDetected: duckDb("every session", "rows", "detected"),
      table: duckDb("every session", "table"),
      scan: duckDb("scan", "rows"),
      one: () => fold(one, person),
      person: duckDb("one person's sessions", "rows"),
    },
    {
      rounds,
      warmUp: true,
      onRun: (name, round) => {
        say(`${megabytes(bytes)} on disk, ${name}, ${round === 0 ? "warm-up" : `${round} of ${rounds}`}`);
      },
    },
  );

  const folded = all.slice(-rounds).map((figures) => figures.folded);
  const shown = all.slice(-rounds).map((figures) => figures.shown);
  const shownOne = one.slice(-rounds).map((figures) => figures.shown);
  const sessions = all[0]?.sessions ?? 0;
  const size = `${megabytes(bytes)} on disk`;
  return [
    line(`${size}, folded`, folded, "DuckDB: group by, six facts", theirs.few, barOfDuckDb),
    line(`${size}, folded`, folded, "DuckDB: scan, no sessions", theirs.scan),
    ...(await besideSlow(`${size}, folded`, archive, sessions, say)),
    line(`${sessions} sessions handed over`, shown, "DuckDB: group by, rows", theirs.rows, barOfDuckDb),
    line(`${sessions} sessions handed over`, shown, "the same, types detected", theirs.rowsDetected),
    line(`${sessions} sessions handed over`, shown, "the same, left in DuckDB", theirs.table),
    line("one person's handed over", shownOne, "DuckDB: where, group by, rows", theirs.person),
  ];
}

/** jq and Node take so long that one run of each, right after one of ours, has to do. */
async function besideSlow(
  subject: string,
  { folder, files, records }: WrittenArchive,
  sessions: number,
  say: (text: string) => void,
): Promise<Comparison[]> {
  const fold = async (): Promise<Times> => [checked(await foldInProcess(folder, person), records).folded];
  say("JSON.parse, line by line");
  const besideParse = await fold();
  const parsed = (await measure("parseProcess.ts", { folder })) as { milliseconds: number; sessions: number };
  agree("JSON.parse", parsed.sessions, sessions);
  const lines = [line(subject, besideParse, "JSON.parse of each line", [parsed.milliseconds])];

  const version = await jqVersion();
  if (version === undefined) {
    say("There is no jq on the PATH: its bar is not measured, and so not held.");
    return [...lines, notMeasured(subject, duration(median(besideParse)), "jq, which is not installed", barOfJq)];
  }
  say(version);
  const besideJq = await fold();
  const jq = await foldWithJq(files);
  agree("jq", jq.sessions, sessions);
  return [
    ...lines,
    line(subject, besideJq, version, [jq.milliseconds], barOfJq),
    line(subject, await fold(), `${version}: facts, no sessions`, [await listWithJq(files)]),
  ];
}

function line(subject: string, ours: Times, against: string, theirs: Times, bar?: number): Comparison {
  return {
    subject,
    ours: duration(median(ours)),
    against,
    theirs: duration(median(theirs)),
    ratio: pairedRatio(ours, theirs),
    ...(bar !== undefined && { bar }),
  };
}

function measure(script: string, options: object): Promise<unknown> {
  return measureProcess(join(import.meta.dirname, script), options);
}

async function foldInProcess(folder: string, user?: string): Promise<FoldFigures> {
  return (await measure("foldProcess.ts", { folder, now, memoryLimitMb, user })) as FoldFigures;
}

function checked(figures: FoldFigures, records: number): FoldFigures {
  if (figures.records !== records || figures.unreadable > 0) {
    throw new Error(`${figures.records} of ${records} records were read, and ${figures.unreadable} could not be.`);
  }
  return figures;
}

function agree(who: string, theirs: number, ours: number): void {
  if (theirs !== ours) {
    throw new Error(`${who} finds ${theirs} sessions, and the fold ${ours}.`);
  }
}
