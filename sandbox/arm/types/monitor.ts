import type { ProviderModule } from "../model.ts";
import { diagnosticSettingRules } from "./monitor/diagnosticSettings.ts";
import { diagnosticSettingsCategoryRules } from "./monitor/diagnosticSettingsCategories.ts";

/** `Microsoft.Insights`: diagnostic settings. */
export function monitorProvider(): ProviderModule {
  return {
    namespace: "Microsoft.Insights",
    types: [diagnosticSettingRules(), diagnosticSettingsCategoryRules()],
  };
}
