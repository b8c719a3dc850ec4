import type { ProviderModule } from "../model.ts";

/** `Microsoft.Insights`: diagnostic settings. */
export function monitorProvider(): ProviderModule {
  return { namespace: "Microsoft.Insights", types: [] };
}
