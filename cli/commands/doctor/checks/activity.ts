import type { DiagnosticSetting } from "../../../azure/diagnosticSettings.ts";
import type { Check } from "../check.ts";
import { archivesOf } from "../archives.ts";
import { found, type Judgement } from "../finding.ts";
import type { Subject } from "../subject.ts";
import { unknownSinks } from "./diagnostics.ts";

export interface ActivityFacts {
  readonly subject: Subject;
  /** Diagnostic settings of the subscription. */
  readonly settings: readonly DiagnosticSetting[];
  /** Storage account of the Bastion logs, for the fix. */
  readonly account: string | undefined;
  readonly region: string;
}

/**
 * Judges the export of the activity log. JIT requests and rule changes are in the category `Administrative`
 * (azure-monitor-docs, activity-log-schema.md).
 */
export function judgeActivity({ subject, settings, account, region }: ActivityFacts): Judgement {
  const { subscriptionId: subscription, workspaceId = unknownSinks.workspace } = subject;
  const sending = settings.filter(({ enabled }) => enabled.includes("administrative"));
  const archived = sending.some(({ storageAccountId }) => storageAccountId !== null);
  if (sending.length > 0 && archived) {
    return { findings: [], seen: `${sending.map(({ name }) => name).join(", ")} exports the activity log.` };
  }
  const message =
    sending.length === 0
      ? "No diagnostic setting exports the activity log of the subscription."
      : `The activity log goes to no storage account (${sending.map(({ name }) => name).join(", ")}).`;
  const values = { subscription, region, account: account ?? unknownSinks.account, workspace: workspaceId };
  return {
    findings: [found("activity-not-exported", `/subscriptions/${subscription}`, message, values)],
    seen: "The activity log is not archived.",
  };
}

export const activity: Check = {
  title: "the subscription's activity log, with JIT requests and rule changes, is exported",
  examine: async (context) => {
    const { inventory, attempt } = context;
    const { subject } = inventory;
    // In a stack without this output, the export is switched off on purpose.
    if (subject.vms !== undefined && subject.activityLogArchive === undefined) {
      return { skipped: "The stack's config has activityLogExport switched off." };
    }
    const settings = await inventory.settingsOf(`/subscriptions/${subject.subscriptionId}`);
    const [archive] = (await attempt(() => archivesOf(context))) ?? [];
    return judgeActivity({
      subject,
      settings,
      account: archive?.account.id,
      region: archive?.host.location ?? "REGION",
    });
  },
};
