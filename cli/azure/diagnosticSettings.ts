import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { optionalText, readAs } from "./read.ts";

const settingsApiVersion = "2021-05-01-preview";

/** A diagnostic setting: where a resource's logs are sent. */
export interface DiagnosticSetting {
  readonly id: string;
  readonly name: string;
  /** ARM ids. */
  readonly storageAccountId: string | null;
  readonly workspaceId: string | null;
  /** `Dedicated`, `AzureDiagnostics` or null: the kind of table in a workspace. */
  readonly destinationType: string | null;
  /** Enabled categories and category groups, in lower case. */
  readonly enabled: readonly string[];
}

const setting = v.object({
  id: v.string(),
  name: v.string(),
  properties: v.object({
    storageAccountId: optionalText,
    workspaceId: optionalText,
    logAnalyticsDestinationType: optionalText,
    logs: v.nullish(
      v.array(v.object({ category: optionalText, categoryGroup: optionalText, enabled: v.nullish(v.boolean()) })),
    ),
  }),
});

/**
 * Lists the diagnostic settings of a resource.
 * @param scope its ARM id, or `/subscriptions/ID` for the activity log.
 * @throws ArmError, e.g. if the caller lacks `Microsoft.Insights/diagnosticSettings/read`.
 */
export async function listDiagnosticSettings(arm: ArmClient, scope: string): Promise<DiagnosticSetting[]> {
  const settings: DiagnosticSetting[] = [];
  for await (const item of arm.list(`${scope}/providers/Microsoft.Insights/diagnosticSettings`, settingsApiVersion)) {
    const { id, name, properties } = readAs(setting, item, "a diagnostic setting");
    settings.push({
      id,
      name,
      storageAccountId: properties.storageAccountId ?? null,
      workspaceId: properties.workspaceId ?? null,
      destinationType: properties.logAnalyticsDestinationType ?? null,
      enabled: (properties.logs ?? [])
        .filter(({ enabled }) => enabled === true)
        .flatMap(({ category, categoryGroup }) => (category ?? categoryGroup)?.toLowerCase() ?? []),
    });
  }
  return settings;
}
