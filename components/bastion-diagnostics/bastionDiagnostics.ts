import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting.js";
import * as pulumi from "@pulumi/pulumi";
import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { keptByScope } from "../shared/extensionScope.ts";
import { componentType } from "../shared/componentType.ts";
import { idProblems } from "../shared/armId.ts";
import { logDestinations } from "../shared/logDestination.ts";
import { refusesLeftover } from "./leftoverSetting.ts";
import { refuse } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";

/** Arguments of {@link BastionDiagnostics}. */
export interface BastionDiagnosticsArgs {
  /** ARM id of the Bastion host. Its SKU must not be Developer, which emits no audit logs. */
  bastionHostId: pulumi.Input<string>;
  /** ARM id of the Log Analytics workspace. Records go to its table `MicrosoftAzureBastionAuditLogs`. */
  workspaceId: pulumi.Input<string>;
  /**
   * ARM id of the storage account, in the region of the host. Records go to its container
   * `insights-logs-bastionauditlogs`.
   */
  storageAccountId: pulumi.Input<string>;
}

/** Name of the diagnostic setting on every Bastion host. */
export const auditSettingName = "bastion-audit-logs";

const component = componentType<BastionDiagnosticsArgs>("BastionDiagnostics", {
  bastionHostId: (key, id) => idProblems(key, id, "Microsoft.Network/bastionHosts"),
  ...logDestinations,
});

/**
 * Sends the audit logs of a Bastion host to the workspace and to the archive.
 *
 * - The name of the diagnostic setting is fixed, and the setting is deleted before it is replaced: Azure refuses two
 *   settings that send the same category to the same destination (409, "Data sink is already used"). A setting also
 *   outlives its host and applies to the next host of the same name (diagnostic-settings.md).
 * - The setting names the category `BastionAuditLogs`, not a category group, because the archive's path and table are
 *   named after the category.
 * - There is no `retentionPolicy`: Azure has retired it and refuses it. The archive's lifecycle rule deletes old logs
 *   instead.
 *
 * @example
 * new BastionDiagnostics("trail", {
 *   bastionHostId: host.hostId,
 *   workspaceId: workspace.workspaceId,
 *   storageAccountId: archive.accountId,
 * });
 *
 * @throws ValidationError that names every refused input, before the setting is created.
 */
export class BastionDiagnostics extends pulumi.ComponentResource {
  /** Name of the diagnostic setting. */
  readonly settingName: pulumi.Output<string>;

  constructor(name: string, args: BastionDiagnosticsArgs, opts?: pulumi.ComponentResourceOptions) {
    args = component.given(name, args);
    super(component.token, name, {}, withoutVersionAliases(opts));
    const formed = component.formed(args);
    refuse(component.subject(name), [...formed.problems, ...component.ruled(formed.args)]);
    const setting = new DiagnosticSetting(
      `${name}-setting`,
      {
        name: auditSettingName,
        resourceUri: args.bastionHostId,
        workspaceId: args.workspaceId,
        storageAccountId: args.storageAccountId,
        logAnalyticsDestinationType: "Dedicated",
        logs: [{ category: auditCategory, enabled: true }],
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        ...keptByScope("resourceUri", args.bastionHostId),
        hooks: { beforeCreate: [refusesLeftover(component.subject(name), { parent: this })] },
      },
    );
    this.settingName = setting.name;
    this.registerOutputs({ settingName: this.settingName });
  }
}
