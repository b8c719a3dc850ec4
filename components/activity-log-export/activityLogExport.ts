import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting.js";
import * as pulumi from "@pulumi/pulumi";
import { checked, missingArguments } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";

/** What {@link ActivityLogExport} is made from. */
export interface ActivityLogExportArgs {
  /** GUID of the subscription whose activity log is exported. */
  subscriptionId: pulumi.Input<string>;
  /** ARM id of the Log Analytics workspace; the events arrive in the table `AzureActivity`. */
  workspaceId: pulumi.Input<string>;
  /** ARM id of the storage account, in any region; the events arrive in the container `insights-activity-logs`. */
  storageAccountId: pulumi.Input<string>;
  /**
   * Name of the diagnostic setting, unique in the subscription.
   * @default the component's name and the stack's, so that two stacks in one subscription do not fight for one setting
   */
  settingName?: pulumi.Input<string>;
}

/** Administrative: JIT requests and writes of network security groups. Security: alerts of Defender for Cloud. */
const exportedCategories = ["Administrative", "Security"];

/**
 * Exports a subscription's activity log to the workspace and to the archive, where JIT requests and the rules that follow
 * from them can be read for longer than the 90 days that Azure keeps them.
 *
 * A subscription has at most five diagnostic settings, and no two may send one category to one sink
 * (diagnostic-settings.md). Where the subscription's log is exported to this workspace already, leave this component out.
 *
 * @example
 * new ActivityLogExport("trail-activity", {
 *   subscriptionId: "00000000-0000-0000-0000-000000000000",
 *   workspaceId: workspace.workspaceId,
 *   storageAccountId: archive.accountId,
 * });
 *
 * @throws ValidationError when `subscriptionId` is not a GUID or `settingName` is not a name.
 */
export class ActivityLogExport extends pulumi.ComponentResource {
  /** Name of the diagnostic setting. */
  readonly settingName: pulumi.Output<string>;

  constructor(name: string, args: ActivityLogExportArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bastion-trail:index:ActivityLogExport", name, {}, withoutVersionAliases(opts));
    const request = checked<{ subscriptionId: string; settingName: string }>(
      `ActivityLogExport "${name}"`,
      { subscriptionId: args.subscriptionId, settingName: args.settingName ?? `${name}-${pulumi.getStack()}` },
      (given) => [...subscriptionIdProblems(given.subscriptionId), ...settingNameProblems(given.settingName)],
      missingArguments(args, { subscriptionId: true, workspaceId: true, storageAccountId: true }),
    );
    const setting = new DiagnosticSetting(
      `${name}-setting`,
      {
        name: request.settingName,
        resourceUri: pulumi.interpolate`subscriptions/${request.subscriptionId}`,
        workspaceId: args.workspaceId,
        storageAccountId: args.storageAccountId,
        logs: exportedCategories.map((category) => ({ category, enabled: true })),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.settingName = setting.name;
    this.registerOutputs({ settingName: this.settingName });
  }
}

function subscriptionIdProblems(subscriptionId: string) {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subscriptionId)) return [];
  return [
    {
      key: "subscriptionId",
      value: subscriptionId,
      reason: "must be a GUID, without /subscriptions/ before it",
    },
  ];
}

/** ARM, "Naming rules": a diagnostic setting has 1-260 characters, none of them reserved, and no space or full stop last. */
function settingNameProblems(settingName: string) {
  if (/^(?!.*[*<>%:&?\\/+])[^]{1,260}$/.test(settingName) && !/[. ]$/.test(settingName)) return [];
  return [
    {
      key: "settingName",
      value: settingName,
      reason: "must be 1 to 260 characters, none of * < > % : & ? \\ / +, not ending with a space or period",
    },
  ];
}
