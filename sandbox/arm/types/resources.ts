import type { ProviderModule } from "../model.ts";

/** `Microsoft.Resources`: resource groups. */
export function resourcesProvider(): ProviderModule {
  return { namespace: "Microsoft.Resources", types: [] };
}
