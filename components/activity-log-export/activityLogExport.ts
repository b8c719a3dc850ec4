import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting.js";
import * as pulumi from "@pulumi/pulumi";
import { componentType } from "../shared/componentType.ts";
import { logDestinations } from "../shared/logDestination.ts";
import { checked } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";

/** Arguments of {@link ActivityLogExport}. */
export interface ActivityLogExportArgs {
  /** GUID of the subscription whose activity log is exported. */
  subscriptionId: pulumi.Input<string>;
  /** ARM id of the Log Analytics workspace. Events go to its table `AzureActivity`. */
  workspaceId: pulumi.Input<string>;
  /** ARM id of the storage account, in any region. Events go to its container `insights-activity-logs`. */
  storageAccountId: pulumi.Input<string>;
  /**
   * Name of the diagnostic setting, unique in the subscription: 1 to 260 characters. Defaults to the names of the
   * component and of the stack, joined by a hyphen, so that two stacks in one subscription do not overwrite each
   * other's setting.
   */
  settingName?: pulumi.Input<string>;
}

/** Administrative: JIT requests and writes to network security groups. Security: alerts of Defender for Cloud. */
export const exportedCategories = ["Administrative", "Security"];

const component = componentType<ActivityLogExportArgs>("ActivityLogExport", logDestinations);

/**
 * Exports a subscription's activity log to the workspace and to the archive. JIT requests and the rules they create can
 * then be read for longer than the 90 days that Azure keeps them.
 *
 * A subscription can have at most five diagnostic settings, and no two of them can send the same category to the same
 * destination (diagnostic-settings.md). Leave this component out if the subscription's activity log is already exported
 * to this workspace.
 *
 * @example
 * new ActivityLogExport("trail-activity", {
 *   subscriptionId: "00000000-0000-0000-0000-000000000000",
 *   workspaceId: workspace.workspaceId,
 *   storageAccountId: archive.accountId,
 * });
 *
 * @throws ValidationError that names every refused input, before the setting is created.
 */
export class ActivityLogExport extends pulumi.ComponentResource {
  /** Name of the diagnostic setting. */
  readonly settingName: pulumi.Output<string>;

  constructor(name: string, args: ActivityLogExportArgs, opts?: pulumi.ComponentResourceOptions) {
    args = component.given(name, args);
    super(component.token, name, {}, withoutVersionAliases(opts));
    const formed = component.formed(args);
    const ruled = component.ruled(formed.args);
    const request = checked<{ settingName: string }>(
      component.subject(name),
      { settingName: formed.args.settingName ?? `${name}-${pulumi.getStack()}` },
      ({ settingName }) => [...settingNameProblems(settingName), ...ruled],
      formed,
      () => ruled,
    );
    const setting = new DiagnosticSetting(
      `${name}-setting`,
      {
        name: request.settingName,
        resourceUri: pulumi.interpolate`subscriptions/${args.subscriptionId}`,
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

/**
 * ARM, "Naming rules": a diagnostic setting has 1 to 260 characters, none of them reserved, and does not end with a
 * space or period.
 */
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
