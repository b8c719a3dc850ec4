import type { ProviderModule } from "../model.ts";

/** `Microsoft.OperationalInsights`: Log Analytics workspaces. */
export function operationalInsightsProvider(): ProviderModule {
  return { namespace: "Microsoft.OperationalInsights", types: [] };
}
