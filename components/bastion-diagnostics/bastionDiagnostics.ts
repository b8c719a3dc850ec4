import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting.js";
import * as pulumi from "@pulumi/pulumi";
import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { keptByScope } from "../shared/extensionScope.ts";
import { missingArguments, refuse } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";

/** What {@link BastionDiagnostics} is made from. */
export interface BastionDiagnosticsArgs {
  /** ARM id of the Bastion host. Not a Developer one: that SKU emits no audit logs. */
  bastionHostId: pulumi.Input<string>;
  /** ARM id of the Log Analytics workspace; the records arrive in the table `MicrosoftAzureBastionAuditLogs`. */
  workspaceId: pulumi.Input<string>;
  /** ARM id of the storage account, in the host's own region; the records arrive in `insights-logs-bastionauditlogs`. */
  storageAccountId: pulumi.Input<string>;
}

/** Name of the diagnostic setting on every Bastion host. */
const settingName = "bastion-audit-logs";

/**
 * Sends the audit logs of a Bastion host to the workspace and to the archive.
 *
 * - The name is fixed and the setting is deleted before it is replaced: Azure refuses two settings that send one category to
 *   one sink (409, "Data sink is already used"), and a setting outlives its host, to apply to the next host of that name
 *   (diagnostic-settings.md).
 * - The category is named, not its group, because `BastionAuditLogs` is what the archive's path and table are named after.
 * - There is no `retentionPolicy`: Azure refuses it since it was retired. The archive's lifecycle rule takes its place.
 *
 * @example
 * new BastionDiagnostics("trail", {
 *   bastionHostId: host.hostId,
 *   workspaceId: workspace.workspaceId,
 *   storageAccountId: archive.accountId,
 * });
 *
 * @throws ValidationError that names every missing argument.
 */
export class BastionDiagnostics extends pulumi.ComponentResource {
  /** Name of the diagnostic setting. */
  readonly settingName: pulumi.Output<string>;

  constructor(name: string, args: BastionDiagnosticsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bastion-trail:index:BastionDiagnostics", name, {}, withoutVersionAliases(opts));
    const required = { bastionHostId: true, workspaceId: true, storageAccountId: true } as const;
    refuse(`BastionDiagnostics "${name}"`, missingArguments(args, required));
    const setting = new DiagnosticSetting(
      `${name}-setting`,
      {
        name: settingName,
        resourceUri: args.bastionHostId,
        workspaceId: args.workspaceId,
        storageAccountId: args.storageAccountId,
        logAnalyticsDestinationType: "Dedicated",
        logs: [{ category: auditCategory, enabled: true }],
      },
      { parent: this, deleteBeforeReplace: true, ...keptByScope("resourceUri", args.bastionHostId) },
    );
    this.settingName = setting.name;
    this.registerOutputs({ settingName: this.settingName });
  }
}
