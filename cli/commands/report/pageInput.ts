/** Builds the input of a report's page. */
import { resolve } from "node:path";
import type { TrailRests } from "../../audit/trail/auditCoverage.ts";
import type { Trail, TrailOptions } from "../../audit/trail/trail.ts";
import type { TrailRow } from "../../audit/trail/types.ts";
import type { Io } from "../../io.ts";
import type { PageAbout } from "../../report/pageData.ts";
import type { PageInput, SessionWithRecords } from "../../report/pageFile.ts";
import type { Rows } from "../../reporters/rows.ts";
import { isFolder } from "../../sources/sourceFlags.ts";
import type { TimeRange } from "../../timeRange.ts";
import { packageVersion } from "../../version.ts";
import { coverageOf } from "../trail/runTrail.ts";
import type { RawRecords } from "./rawRecords.ts";

export interface PageParts {
  readonly rows: Rows<TrailRow>;
  /** Id of the rule of each row; null if the activity log does not have it. */
  readonly rulesOfRows: readonly (string | null)[];
  readonly records: RawRecords;
  readonly trail: Trail;
  readonly rests: TrailRests;
  readonly settings: TrailOptions;
  readonly about: PageAbout;
}

export function pageInput({ rows, rulesOfRows, records, trail, rests, settings, about }: PageParts): PageInput {
  const sessions = async function* (): AsyncGenerator<SessionWithRecords> {
    let index = 0;
    for await (const session of rows) {
      yield { session, ruleId: rulesOfRows[index] ?? null, records: records.ofSession(session) };
      index += 1;
    }
  };
  return {
    sessions: sessions(),
    surroundings: () => ({
      about,
      grants: trail.grants(),
      rules: trail.rules(),
      coverage: coverageOf(rests, settings),
      unread: rests.unread,
      unreadable: rests.unreadable,
    }),
    ruleIds: () => trail.ruleIds(),
    recordsOfRequest: (request) => records.ofRequest(request),
    recordsOfRule: (rule) => records.ofRule(rule),
  };
}

export interface ReportSubject {
  readonly range: TimeRange;
  /** Value of `--source`. */
  readonly source: string;
  /** Start of the earliest session and of the earliest grant. */
  readonly firsts: readonly (string | undefined)[];
}

/** Describes the report. An unbounded range is replaced by the range of the data. */
export function aboutPage({ range: { from, to }, source, firsts }: ReportSubject, io: Io): PageAbout {
  const now = io.now().toISOString();
  const [first = now] = firsts.filter((one) => one !== undefined).sort();
  return {
    from: from?.toISOString() ?? first,
    to: to?.toISOString() ?? now,
    generatedAt: now,
    source: isFolder(source) ? resolve(io.cwd, source) : `the ${source}`,
    version: packageVersion(),
  };
}
