/** `bootstrap --dry-run`: shows what would happen. */
import { exitCodes, type ExitCode } from "../../errors.ts";
import { note } from "../../io.ts";
import { withProgress } from "../../progress.ts";
import { report } from "../../reporters/report.ts";
import type { Column } from "../../reporters/rows.ts";
import { previewed, summaryOf } from "./preview.ts";
import type { StackPreview } from "./pulumiStack.ts";
import { fitStackFile, type Run } from "./run.ts";
import { writeStackFile } from "./stackFile.ts";
import { label } from "./subscription.ts";

type Change = StackPreview["changes"][number];

const columns: readonly Column<Change>[] = [
  { key: "change", value: ({ change }) => change },
  { key: "type", value: ({ type }) => type, short: ({ type }) => type.replace(/^azure-native:/, "") },
  { key: "name", value: ({ name }) => name },
];

/** Shows the preview. Creates nothing in Azure and writes no file of the project. */
export async function dryRun(run: Run): Promise<ExitCode> {
  const { io, options, subscription, workspace, source, located } = run;
  const { current } = located;
  const preview = await withProgress(io, "Previewing the program", async () => {
    if ((await current.resources()) === undefined) {
      writeStackFile(workspace, source, {});
      await current.init();
    } else {
      await fitStackFile(run, current);
    }
    return previewed(run, current);
  });
  await report(
    io,
    { json: options.json },
    {
      rows: preview.changes,
      columns,
      json: { subscriptionId: subscription.subscriptionId, stack: run.stack, changes: preview.changes },
      empty: "Nothing to change.",
    },
  );
  await note(
    io,
    `Subscription ${label(subscription)}, state on ${current.place.name}: ${summaryOf(preview)}. Nothing was changed.`,
  );
  return exitCodes.fine;
}
