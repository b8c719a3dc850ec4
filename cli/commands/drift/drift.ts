/** `drift` */
import { openArm } from "../../armAccess.ts";
import type { Input } from "../../command.ts";
import type { driftOptions } from "./options.ts";
import { counted } from "../../counted.ts";
import { exitCodes, type ExitCode } from "../../errors.ts";
import { note, type Io } from "../../io.ts";
import { withProgress } from "../../progress.ts";
import { report, requireOneFormat } from "../../reporters/report.ts";
import { driftColumns } from "./columns.ts";
import { previewRefresh } from "./refreshPreview.ts";
import { resourceDrift, type Drift } from "./resourceDrift.ts";
import { unrefreshedDrift } from "./unrefreshed.ts";

export async function runDrift(
  options: Input<typeof driftOptions>,
  io: Io,
  open: typeof openArm = openArm,
): Promise<ExitCode> {
  requireOneFormat(options);
  const { resources, others } = await withProgress(io, "Refreshing the stack", async (progress) => {
    const refreshed = await previewRefresh(options.stack, io);
    progress.update("Reading the network security groups");
    return { resources: refreshed, others: await unrefreshedDrift(refreshed, io, open) };
  });
  const { drift, ignored } = resourceDrift(resources);
  const rows = [...drift, ...others.drift];
  await report(io, options, {
    rows,
    columns: driftColumns,
    json: { drift: rows, ignored, unchecked: others.unchecked },
    empty: "No drift.",
  });
  await note(io, summaryOf(rows, ignored.length, resources.length));
  for (const reason of others.unchecked) {
    await note(io, `Not compared: ${reason}`);
  }
  if (others.unchecked.length > 0) return exitCodes.failure;
  return rows.length > 0 ? exitCodes.findings : exitCodes.fine;
}

function summaryOf(rows: readonly Drift[], ignored: number, compared: number): string {
  const [changed, deleted, added] = (["changed", "deleted", "added"] as const).map(
    (change) => rows.filter((row) => row.change === change).length,
  ) as [number, number, number];
  const parts = [
    ...(changed === 0 ? [] : [`${counted(changed, "property", "properties")} changed`]),
    ...(deleted === 0 ? [] : [`${counted(deleted, "resource")} deleted`]),
    ...(added === 0 ? [] : [`${counted(added, "rule")} added`]),
    ...(ignored === 0 ? [] : [`${counted(ignored, "ignored property", "ignored properties")} left out`]),
    `${counted(compared, "resource")} compared`,
  ];
  const steps = [
    ...(changed + deleted === 0 ? [] : [" `pulumi up --refresh` restores what changed or was deleted."]),
    ...(added === 0 ? [] : [" Delete the added rules, or add them to the program."]),
  ];
  return `${parts.join(", ")}.${steps.join("")}`;
}
