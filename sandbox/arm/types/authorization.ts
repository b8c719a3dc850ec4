import type { ProviderModule } from "../model.ts";

/** `Microsoft.Authorization`: locks, role assignments and role definitions. */
export function authorizationProvider(): ProviderModule {
  return { namespace: "Microsoft.Authorization", types: [] };
}
