/** `activity`. */
import { collectActivity } from "../../audit/activity/collectActivity.ts";
import type { Activity } from "../../audit/activity/types.ts";
import type { openAccess } from "../access.ts";
import type { Input } from "../command.ts";
import type { activityOptions } from "../commands/activity.ts";
import { exitCodes, type ExitCode } from "../errors.ts";
import type { Io } from "../io.ts";
import { counted, tellCoverage, tellUnreadable } from "../logs/tell.ts";
import { withProgress } from "../progress.ts";
import { formatOf, report } from "../reporters/report.ts";
import { openSettings } from "../settings.ts";
import { rangeFrom } from "../timeRange.ts";
import { columnsFor } from "./columns.ts";
import { activityTest } from "./filter.ts";
import { openActivitySource } from "./sources.ts";

type ActivityOptions = Input<typeof activityOptions>;

export async function runActivity(options: ActivityOptions, io: Io, open?: typeof openAccess): Promise<ExitCode> {
  const format = formatOf(options);
  const source = await openActivitySource(options, io, open);
  const range = rangeFrom(options, io.now(), source.defaultSince);
  const machines = options.vm === undefined ? [] : ((await openSettings(options, io).find("vms")) ?? []);
  const isWanted = activityTest(options, machines);
  const result = await withProgress(io, "Reading", (progress) =>
    collectActivity(source.events(range, progress), { ...range, files: source.files }),
  );
  const activities = wanted(result.activities, isWanted);
  const rows = await report(io, options, {
    rows: activities,
    columns: columnsFor(format),
    json: { activities, unreadable: () => result.unreadable, coverage: () => result.coverage },
    empty: "No activity.",
  });
  await tellUnreadable(io, result.unreadable, result.unreadableCount);
  if (format === "table") {
    await tellCoverage(io, counted(rows, "activity", "activities"), result.coverage, options.local);
  }
  return options.strict && result.unreadableCount > 0 ? exitCodes.failure : exitCodes.fine;
}

async function* wanted(
  activities: AsyncIterable<Activity>,
  isWanted: (activity: Activity) => boolean,
): AsyncGenerator<Activity> {
  for await (const activity of activities) {
    if (isWanted(activity)) yield activity;
  }
}
