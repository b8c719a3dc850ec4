/** `evidence pack`. */
import { existsSync } from "node:fs";
import { resolve, sep } from "node:path";
import { readAccepted, tellExpired, tellUnused, type AcceptedSession } from "../../acceptedFindings.ts";
import { openCache } from "../../files/cacheFolder.ts";
import { onCloudTime } from "../../sources/cloudTime.ts";
import type { Handler } from "../../command.ts";
import { exitCodeOfRead, together, UserError } from "../../errors.ts";
import { NewPack } from "../../evidence/newPack.ts";
import { requireSigningKey, signFile } from "../../evidence/sshSignature.ts";
import { note, type Io } from "../../io.ts";
import { withProgress, type Progress } from "../../progress.ts";
import { csvText } from "../../reporters/csv.ts";
import { jsonText } from "../../reporters/json.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { defaultSource, isFolder, requireSource } from "../../sources/sourceFlags.ts";
import { withSpool, type Spool } from "../../files/spool.ts";
import { checkRange, rangeFrom, type TimeRange } from "../../timeRange.ts";
import { packageVersion } from "../../version.ts";
import { counted } from "../../counted.ts";
import { tellLogs, tellUnreadable } from "../../sources/tellRead.ts";
import { readReport } from "../report/readReport.ts";
import { csvColumns } from "../trail/columns.ts";
import { coverageOf, trailDocument } from "../trail/runTrail.ts";
import { openTrailSource, type TrailSource } from "../../sources/trailSource.ts";
import { archiveState } from "./archiveState.ts";
import { doctorResult } from "./doctorResult.ts";
import type { evidencePackOptions } from "./packOptions.ts";
import { recordFiles } from "./recordFiles.ts";
import { readSources } from "./sources.ts";

type PackHandler = Handler<typeof evidencePackOptions>;
type Options = Parameters<PackHandler>[0];

export const runEvidencePack: PackHandler = async (given, localIo) => {
  const [accepted, path] = together(
    () => readAccepted("trail", given.accept, localIo),
    () => packPath(given, localIo),
    () => {
      checkRange(given);
    },
    () => {
      requireSource(given, given.source ?? defaultSource);
    },
  );
  const signKey = await signingKey(given, localIo);
  // The source is read several times. All reads must use the same copies, even with --no-cache.
  const options = { ...given, cache: openCache(given, localIo), noCache: false, found: new Map() };
  const io = await onCloudTime(localIo);
  const source = await openTrailSource(options, io);
  const range = rangeFrom(options, io.now(), source.defaultSince);
  const pack = new NewPack(path);
  try {
    const used = new Set<AcceptedSession>();
    const asked = { options, source, range, accepted: accepted.entries, used, signKey };
    const written = await withProgress(io, "Reading", (progress) =>
      withSpool((spool) => writePack(pack, asked, spool, io, progress)),
    );
    const { rests, sha256, doctor } = written;
    await tellUnreadable(io, rests.unreadable, rests.unread);
    await tellExpired(io, given.accept, accepted);
    await tellUnused(io, "No session of the time range", given.accept, accepted, used);
    await tellLogs(io, rests, {});
    if (doctor !== undefined) await note(io, visible(doctor.summary));
    const what = `${counted(written.rows, "session")} from ${counted(written.sources, "source file")}`;
    const signed = signKey === undefined ? "" : " Signed.";
    await note(io, visible(`${what} written to ${path}.${signed}`));
    await note(io, `SHA-256 of the manifest: ${sha256}`);
    return exitCodeOfRead(rests.unread, options.strict);
  } finally {
    await pack.discard();
  }
};

interface Asked {
  readonly options: Options;
  readonly source: TrailSource;
  readonly range: TimeRange;
  readonly accepted: readonly AcceptedSession[];
  /** Gets the accepted entries that match a session. */
  readonly used: Set<AcceptedSession>;
  /** Path of the key to sign with. */
  readonly signKey: string | undefined;
}

/** Writes the files of a pack. @param spool receives the sessions and the records. */
async function writePack(
  pack: NewPack,
  { options, source, range, accepted, used, signKey }: Asked,
  spool: Spool,
  io: Io,
  progress: Progress,
) {
  const sources = await readSources(options, range, io, progress);
  const files = await recordFiles(pack, sources.nameOf);
  const reportAsked = { source, range, flags: options, accepted, used, skewMs: options.skew, tap: files.tap };
  const { rows, trail, rests, settings, page } = await readReport(spool, reportAsked, io, progress);
  await files.end();
  progress.update("Writing the pack");
  const coverage = { ...coverageOf(rests, settings), unread: rests.unread, unreadable: rests.unreadable };
  await pack.add("report.html", page, io.signal);
  await pack.add("trail.csv", csvText(rows, csvColumns, { toTerminal: false }), io.signal);
  await pack.add("trail.json", jsonText(trailDocument(rows, trail, rests, settings, {})), io.signal);
  await pack.add("coverage.json", [documentText(coverage)], io.signal);
  await pack.add("archive.json", [documentText(await archiveState(options, io))], io.signal);
  const doctor = isFolder(options.source ?? defaultSource) ? undefined : await doctorResult(options, io);
  if (doctor !== undefined) await pack.add("doctor.json", [doctor.json], io.signal);
  await sources.requireUnchanged();
  const about = {
    createdAt: io.now().toISOString(),
    version: packageVersion(),
    from: range.from?.toISOString() ?? null,
    to: range.to?.toISOString() ?? null,
    source: options.source ?? defaultSource,
    sources: sources.hashed,
  };
  const sign = async (manifest: string): Promise<void> => {
    if (signKey !== undefined) await signFile(manifest, signKey);
  };
  const sha256 = await pack.finish(about, sign, io.signal);
  return { rests, sha256, doctor, rows: rows.length, sources: sources.hashed.length };
}

function documentText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Refuses a pack inside its source folder, where it would be read as a log. */
function packPath({ out, source = defaultSource }: Options, io: Io): string {
  const path = resolve(io.cwd, out);
  if (!isFolder(source)) return path;
  const folder = resolve(io.cwd, source);
  if (!path.startsWith(`${folder}${sep}`)) return path;
  throw new UserError(`${path} is in the source folder ${folder}.`, "Use an --out outside of it.");
}

/** @throws `UserError` if the key cannot sign: otherwise that would show only when the pack is written. */
async function signingKey({ signKey }: Options, io: Io): Promise<string | undefined> {
  if (signKey === undefined) return undefined;
  const path = resolve(io.cwd, signKey);
  if (!existsSync(path)) throw new UserError(`File not found: ${path}.`, "Pass an OpenSSH key to --sign-key.");
  await requireSigningKey(path);
  return path;
}
